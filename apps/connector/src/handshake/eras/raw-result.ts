import type { JsonObject } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import type { GuardedClient } from '../client/guarded-client.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';

/** https://www.jsonrpc.org/specification#error_object */
export const METHOD_NOT_FOUND = -32601;

/** The result of the last request as the upstream sent it; `undefined` if it does not know the method. */
export function lastResult(http: GuardedClient): JsonObject | undefined {
  const response = http.lastResponse;
  const message = response?.message;
  if (message !== undefined && isObject(message.result)) return message.result;
  if (message !== undefined && isObject(message.error) && message.error.code === METHOD_NOT_FOUND) return undefined;
  const isHttpError = response !== undefined && response.httpStatus >= 400;
  throw new HandshakeFailure(isHttpError ? 'upstream_http_error' : 'upstream_protocol_error', {
    httpStatus: response?.httpStatus,
  });
}

/**
 * Sends a request through an SDK client and returns the result as it was received. The clients validate strictly and
 * drop unknown members, so their errors count only if no usable response arrived.
 */
export async function rawResult(http: GuardedClient, send: () => Promise<unknown>): Promise<JsonObject | undefined> {
  http.lastResponse = undefined;
  try {
    await send();
  } catch {
    if (http.failure !== undefined) throw http.failure;
  }
  return lastResult(http);
}
