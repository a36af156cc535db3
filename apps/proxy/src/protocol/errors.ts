import type { JsonObject } from '@lethe/contracts';
import { encodeError, isObject, parseJson, type RpcId } from '@lethe/mcp';
import { ERRORS, LetheError } from '@lethe/platform';
import { refusalMessage } from './refusal-messages.js';

/** Turns an error that is not a `LetheError` into `internal`, which reveals nothing about its cause. */
export function asLetheError(thrown: unknown): LetheError {
  return thrown instanceof LetheError ? thrown : new LetheError('internal', {}, { cause: thrown });
}

/** The JSON-RPC error response. In `data`, `reason` is the stable error code and the other members are its safe detail. */
export function errorBody(error: LetheError, id: RpcId | null, code = error.rpc): string {
  return encodeError(id, { ...errorOf(error), code });
}

/** The `error` object of a JSON-RPC error response. */
export function errorOf(error: LetheError): { code: number; message: string; data: JsonObject } {
  const data = { reason: error.code, ...error.detail };
  return { code: error.rpc, message: refusalMessage(error) ?? ERRORS[error.code].message, data: toJson(data) };
}

function toJson(data: object): JsonObject {
  const json = parseJson(JSON.stringify(data));
  return isObject(json) ? json : {};
}
