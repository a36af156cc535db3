import type { JsonObject } from '@lethe/contracts';
import { encodeError, isObject, parseJson, type RpcId } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { VirtualServer } from '../routes/table/virtual-server.js';
import { messageOf } from './error-messages.js';

/** Turns an error that is not a `LetheError` into `internal`, which reveals nothing about its cause. */
export function asLetheError(thrown: unknown): LetheError {
  return thrown instanceof LetheError ? thrown : new LetheError('internal', {}, { cause: thrown });
}

/**
 * The JSON-RPC error response. In `data`, `reason` is the stable error code and the other members are its safe detail.
 * @param server the virtual server of the request; undefined if it is not known yet
 */
export function errorBody(
  error: LetheError,
  id: RpcId | null,
  server: VirtualServer | undefined,
  code = error.rpc,
): string {
  return encodeError(id, { code, message: messageOf(error, server), data: dataOf(error) });
}

/** An error within a result: its data, and its message. */
export function toldError(error: LetheError, server: VirtualServer): JsonObject {
  return { ...dataOf(error), message: messageOf(error, server) };
}

function dataOf(error: LetheError): JsonObject {
  const json = parseJson(JSON.stringify({ reason: error.code, ...error.detail }));
  return isObject(json) ? json : {};
}
