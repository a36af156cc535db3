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

type FormsByItem = Map<ItemKey, CallForms>;
type FormsByVersion = Map<string, FormsByItem>;
type FormsByRule = Map<MethodRule, FormsByVersion>;

const VERSION = 'mcp.protocol.version';

/**
 * The parts of spans that are the same each time: encoding them would cost more than all else that a trace costs. They are
 * forgotten with the published state that they were made of, so there are no more than published names and methods.
 */
export class CallFormCache {
  private readonly forms = new WeakMap<VirtualServer, FormsByRule>();

  constructor(private readonly tracer: Pick<Tracer, 'form'>) {}

  of(request: DecodedRequest, rule: MethodRule): CallForms {
    const item = request.target?.item;
    const isNamed = item?.kind === 'tool' || item?.kind === 'prompt';
    const key = isNamed ? item.exposed : item?.gateway;
    const version = request.session?.clientVersion ?? request.version;
    const known = this.forms.get(request.caller.server)?.get(rule)?.get(version)?.get(key);
    return known ?? this.remember(request, rule, version, key);
  }

  private remember(request: DecodedRequest, rule: MethodRule, version: string, key: ItemKey): CallForms {
    const { server } = request.caller;
    const byRule = this.forms.get(server) ?? new Map<MethodRule, FormsByVersion>();
    this.forms.set(server, byRule);
    const byVersion = byRule.get(rule) ?? new Map<string, FormsByItem>();
    byRule.set(rule, byVersion);
    const byItem = byVersion.get(version) ?? new Map<ItemKey, CallForms>();
    byVersion.set(version, byItem);
    const forms = this.made(request, version);
    byItem.set(key, forms);
    return forms;
  }

  private made(request: DecodedRequest, version: string): CallForms {
    const item = request.target?.item;
    const slug = request.caller.server.manifest.slug;
    const gateway = { 'lethe.gateway': item?.gateway.slug };
    const own = { ...gateway, 'lethe.server': slug, [VERSION]: version };
    const server = this.form('server', request, item?.exposed, own);
    const served = item?.servedIn(request.era.era).protocolVersion;
    const upstream = item && { ...gateway, [VERSION]: served, ...addressOf(item.gateway.target) };
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
