import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject, isRpcId, META, type RpcId, type RpcRequest, LETHE_CLIENT_INFO, clientInfoFrom } from '@lethe/mcp';

/** https://modelcontextprotocol.io/specification/2026-07-28/basic#general-fields */
function envelopeMember({ params }: RpcRequest, name: string): JsonValue | undefined {
  const meta = params['_meta'];
  return isObject(meta) ? meta[name] : undefined;
}

/** The identity that a modern client declares, as `initialize` passes it to a legacy upstream. */
export function clientInfoOf(request: RpcRequest): JsonObject {
  return clientInfoFrom(envelopeMember(request, META.clientInfo), LETHE_CLIENT_INFO);
}

/** The client capabilities that a modern client declares for this request. */
export function clientCapabilitiesOf(request: RpcRequest): JsonObject {
  const declared = envelopeMember(request, META.clientCapabilities);
  return isObject(declared) ? declared : {};
}

/**
 * The log level that a modern client requests; without one, no log messages may be sent for this request.
 * https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/logging
 */
export function logLevelOf(request: RpcRequest): string | undefined {
  const level = envelopeMember(request, META.logLevel);
  return typeof level === 'string' ? level : undefined;
}

/** The token with which a client of either era wants to get the progress of this request. */
export function progressTokenOf({ _meta: meta }: JsonObject): RpcId | undefined {
  const token = isObject(meta) ? meta['progressToken'] : undefined;
  return isRpcId(token) ? token : undefined;
}
