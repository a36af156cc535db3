import type { JsonObject } from '@lethe/contracts';
import { clientInfoFrom, isObject, LETHE_CLIENT_INFO, META, type RpcRequest } from '@lethe/mcp';

/** A member of the envelope that a modern request carries (MCP 2026-07-28, basic, `_meta`). */
function envelopeMember({ params }: RpcRequest, name: string): JsonObject {
  const meta = params['_meta'];
  const member = isObject(meta) ? meta[name] : undefined;
  return isObject(member) ? member : {};
}

/** Who a modern client says it is, as `initialize` tells a legacy upstream. */
export function clientInfoOf(request: RpcRequest): JsonObject {
  return clientInfoFrom(envelopeMember(request, META.clientInfo), LETHE_CLIENT_INFO);
}

/** What a modern client can be asked in the course of this request. */
export function clientCapabilitiesOf(request: RpcRequest): JsonObject {
  return envelopeMember(request, META.clientCapabilities);
}

/** The level of log messages a client asked for; without one none may be sent (MCP 2026-07-28, logging). */
export function logLevelOf({ params }: RpcRequest): string | undefined {
  const meta = params['_meta'];
  const level = isObject(meta) ? meta[META.logLevel] : undefined;
  return typeof level === 'string' ? level : undefined;
}
