import { isObject, memberSpan, type RpcRequest, withParam, withValue } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { MethodRule } from '../protocol/method-table.js';
import type { ExposedItem } from '../routes/table/exposed-item.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/** Rules whose requests go to the gateway that owns what they name. */
export type RoutedRule = Extract<MethodRule, { by: 'relay' | 'complete' }>;

/** Whose a request is, and how it reads there. */
export interface ResolvedTarget {
  readonly route: ExposedItem;
  readonly body: Buffer;
}

/** @throws LetheError `params_invalid`, `item_unknown`, `resource_unknown` */
export function resolveTarget(rule: RoutedRule, server: VirtualServer, request: RpcRequest): ResolvedTarget {
  if (rule.by === 'complete') return locateReference(server, request);
  const named = request.params[rule.param];
  if (typeof named !== 'string') throw new LetheError('params_invalid', { member: rule.param });
  const route = server.resolve(rule.kind, named);
  const body = route.own === route.exposed ? request.bytes : withParam(request, rule.param, route.own);
  return { route, body };
}

/** A prompt by its name, a template by itself (MCP 2025-11-25, completion, reference types). */
function locateReference(server: VirtualServer, request: RpcRequest): ResolvedTarget {
  const { ref } = request.params;
  const { type, name, uri } = isObject(ref) ? ref : {};
  if (type === 'ref/resource' && typeof uri === 'string') {
    return {
      route: server.items.resourceTemplate.get(uri) ?? server.resolve('resource', uri),
      body: request.bytes,
    };
  }
  if (type !== 'ref/prompt' || typeof name !== 'string') throw new LetheError('params_invalid', { member: 'ref' });
  const route = server.resolve('prompt', name);
  const span = memberSpan(request.bytes, request.spans.get('params.ref'), 'name');
  return { route, body: span ? withValue(request.bytes, span, route.own) : request.bytes };
}
