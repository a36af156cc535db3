import { isObject, memberSpan, type RpcRequest, type Span, withParam, withValue } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import { declares, supportsSubscriptions } from '../protocol/capabilities.js';
import type { MethodRule } from '../protocol/method-table.js';
import { isCall, type McpCall, type ResolvedTarget, type SessionRequest } from '../request/mcp-request.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/** Rules of methods that are forwarded to the gateway of an item. */
type RoutedRule = Extract<MethodRule, { by: 'relay' | 'complete' }>;

/** A call that goes to exactly one upstream. */
export type RoutedCall = McpCall & { readonly rule: RoutedRule };

type TargetedCall = RoutedCall & { readonly target: ResolvedTarget };

/**
 * Narrows to a call that goes to exactly one upstream.
 * @throws LetheError `message_invalid` for a notification whose method requires a response
 */
export function isForOneUpstream(request: SessionRequest): request is RoutedCall {
  const { rule } = request;
  if (rule?.by !== 'relay' && rule?.by !== 'complete') return false;
  if (!isCall(request)) throw new LetheError('message_invalid', { rule: 'id_missing' });
  return true;
}

/**
 * Finds the item that a call names, and puts the item's name at its gateway into the call.
 * @throws LetheError `params_invalid`, `item_unknown`, `resource_unknown`
 */
export function resolveTarget({ rule, message, caller }: RoutedCall): ResolvedTarget {
  const { server } = caller;
  return rule.by === 'complete' ? resolveReference(server, message) : resolveItem(rule, server, message);
}

/**
 * Checks the parts of a call that depend on its item.
 * @throws LetheError `header_mismatch`; for subscriptions `method_unknown`, and `gateway_unavailable` if the session
 * was opened without the gateway
 */
export function checkTarget(call: TargetedCall): void {
  const { rule, target, message, era, headers } = call;
  if (rule.by === 'relay' && rule.needsSession) assertSubscribable(call);
  const mismatch = era.headers?.paramMismatch(message, target.item.paramHeaders(), headers);
  if (mismatch) throw new LetheError('header_mismatch', { ...mismatch });
}

function resolveItem(
  rule: Extract<MethodRule, { by: 'relay' }>,
  server: VirtualServer,
  message: RpcRequest,
): ResolvedTarget {
  const named = message.params[rule.param];
  if (typeof named !== 'string') throw new LetheError('params_invalid', { member: rule.param });
  const item = server.resolve(rule.kind, named);
  const body = item.own === item.exposed ? message.bytes : withParam(message, rule.param, item.own);
  return { item, body };
}

/** https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/completion#reference-types */
function resolveReference(server: VirtualServer, message: RpcRequest): ResolvedTarget {
  const { ref } = message.params;
  const { type, name, uri } = isObject(ref) ? ref : {};
  if (type === 'ref/resource' && typeof uri === 'string') {
    spanInReference(message, 'uri');
    const item = server.items.resourceTemplate.get(uri) ?? server.resolve('resource', uri);
    return { item, body: message.bytes };
  }
  if (type !== 'ref/prompt' || typeof name !== 'string') throw new LetheError('params_invalid', { member: 'ref' });
  const item = server.resolve('prompt', name);
  return { item, body: withValue(message.bytes, spanInReference(message, 'name'), item.own) };
}

/** @throws LetheError `params_invalid` if the reference has a duplicate member: the gateway could use another one than Lethe */
function spanInReference({ bytes, spans }: RpcRequest, name: 'name' | 'uri'): Span {
  const span = memberSpan(bytes, spans.get('params.ref'), name);
  if (!span) throw new LetheError('params_invalid', { member: 'ref' });
  return span;
}

/** False for a completion whose gateway does not support completions. Another gateway may, so this is not an error. */
export function isCompletable({ rule, target, era }: TargetedCall): boolean {
  return rule.by !== 'complete' || declares(target.item.servedIn(era.era), 'completions');
}

function assertSubscribable({ session, target, era }: TargetedCall): void {
  const { gateway } = target.item;
  if (!supportsSubscriptions(target.item.servedIn(era.era))) throw new LetheError('method_unknown');
  if (!session.continues(gateway)) {
    throw new LetheError('gateway_unavailable', { gateway: gateway.slug, why: 'no_session' });
  }
}
