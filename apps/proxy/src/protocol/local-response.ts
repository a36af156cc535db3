import { encodeMethodNotFound, encodePong, encodeResult, type RpcId } from '@lethe/mcp';

/** Largest number of local responses in progress for one call or stream. Further server requests get no response. */
export const LOCAL_RESPONSES_AT_ONCE = 8;

/** The response to an upstream's request that no client sees: a pong for `ping`, else "method not found". */
export function localResponse(id: RpcId, method: string): Buffer {
  return Buffer.from(method === 'ping' ? encodePong(id) : encodeMethodNotFound(id));
}

/** Declines an elicitation in the place of the person. */
export function declined(id: RpcId): Buffer {
  return Buffer.from(encodeResult(id, '{"action":"decline"}'));
}
