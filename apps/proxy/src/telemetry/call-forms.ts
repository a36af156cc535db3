import type { Attributes, SpanForm, Tracer } from '@lethe/platform';
import type { MethodRule } from '../protocol/method-table.js';
import type { DecodedRequest } from '../request/mcp-request.js';
import type { Gateway, UpstreamTarget } from '../routes/table/gateway.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/** What all spans of the calls of one item by one method have in common. */
export interface CallForms {
  readonly server: SpanForm;
  /** Undefined for messages that no upstream gets. */
  readonly client: SpanForm | undefined;
}

/** The name of a tool or prompt; for other items their gateway, as their URI may be any text. */
type ItemKey = string | Gateway | undefined;

/**
 * The parts of spans that are the same each time: encoding them would cost more than all else that a trace costs. They are
 * forgotten with the published state that they were made of, so there are no more than published names and methods.
 */
export class CallFormCache {
  private readonly forms = new WeakMap<VirtualServer, Map<MethodRule, Map<ItemKey, CallForms>>>();

  constructor(private readonly tracer: Pick<Tracer, 'form'>) {}

  of(request: DecodedRequest, rule: MethodRule): CallForms {
    const item = request.target?.item;
    const isNamed = item?.kind === 'tool' || item?.kind === 'prompt';
    const key = isNamed ? item.exposed : item?.gateway;
    const { server } = request.caller;
    return this.forms.get(server)?.get(rule)?.get(key) ?? this.remember(request, rule, key);
  }

  private remember(request: DecodedRequest, rule: MethodRule, key: ItemKey): CallForms {
    const { server } = request.caller;
    const ofServer = this.forms.get(server) ?? new Map<MethodRule, Map<ItemKey, CallForms>>();
    this.forms.set(server, ofServer);
    const ofRule = ofServer.get(rule) ?? new Map<ItemKey, CallForms>();
    ofServer.set(rule, ofRule);
    const forms = this.made(request);
    ofRule.set(key, forms);
    return forms;
  }

  private made(request: DecodedRequest): CallForms {
    const item = request.target?.item;
    const slug = request.caller.server.manifest.slug;
    const gateway = { 'lethe.gateway': item?.gateway.slug };
    const server = this.form('server', request, item?.exposed, { ...gateway, 'lethe.server': slug });
    const upstream = item && { ...gateway, ...addressOf(item.gateway.target) };
    return { server, client: upstream && this.form('client', request, item.own, upstream) };
  }

  /**
   * Only names that a manifest publishes.
   * @param item the name of the item on this side of Lethe
   */
  private form(
    kind: 'server' | 'client',
    { message, target }: DecodedRequest,
    item: string | undefined,
    attributes: Attributes,
  ): SpanForm {
    const method = message.kind === 'response' ? '' : message.method;
    const of = target?.item.kind;
    const named = of === 'tool' || of === 'prompt' ? item : undefined;
    return this.tracer.form(kind, named === undefined ? method : `${method} ${named}`, {
      'mcp.method.name': method,
      'gen_ai.operation.name': method === 'tools/call' ? 'execute_tool' : undefined,
      'gen_ai.tool.name': of === 'tool' ? named : undefined,
      'gen_ai.prompt.name': of === 'prompt' ? named : undefined,
      'network.transport': 'tcp',
      ...attributes,
    });
  }
}

function addressOf({ origin, hostname }: UpstreamTarget): Attributes {
  const { port, protocol } = new URL(origin);
  const usual = protocol === 'https:' ? 443 : 80;
  return { 'server.address': hostname, 'server.port': port === '' ? usual : Number(port) };
}
