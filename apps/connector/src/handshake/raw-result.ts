import type { JsonObject } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import type { Dialler } from './dialler.js';
import { HandshakeFailure } from './handshake-failure.js';

const METHOD_NOT_FOUND = -32601;

/** The result of the last request as the upstream sent it; `undefined` when it does not know the method. */
export function lastResult(dialler: Dialler): JsonObject | undefined {
  const answer = dialler.lastAnswer;
  const message = answer?.message;
  if (message !== undefined && isObject(message.result)) return message.result;
  if (message !== undefined && isObject(message.error) && message.error.code === METHOD_NOT_FOUND) return undefined;
  const isHttpError = answer !== undefined && answer.httpStatus >= 400;
  throw new HandshakeFailure(isHttpError ? 'upstream_http_error' : 'upstream_protocol_error', {
    httpStatus: answer?.httpStatus,
  });
}

/**
 * Sends a request through an SDK client and takes the answer from the wire: the clients read strictly and drop what they
 * do not know, so an error of theirs counts only when no usable answer came.
 */
export async function rawResult(dialler: Dialler, send: () => Promise<unknown>): Promise<JsonObject | undefined> {
  dialler.lastAnswer = undefined;
  try {
    await send();
  } catch {
    if (dialler.failure !== undefined) throw dialler.failure;
  }
  return lastResult(dialler);
}
