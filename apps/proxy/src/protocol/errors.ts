import type { JsonObject } from '@lethe/contracts';
import { encodeError, isObject, parseJson, type RpcId } from '@lethe/mcp';
import { ERRORS, LetheError } from '@lethe/platform';

/** An error that is not a `LetheError` becomes `internal`, and says nothing about itself. */
export function asLetheError(thrown: unknown): LetheError {
  return thrown instanceof LetheError ? thrown : new LetheError('internal', {}, { cause: thrown });
}

/** The JSON-RPC error response; in `data`, `reason` is the stable code and the rest its safe detail. */
export function errorBody(error: LetheError, id: RpcId | null, code = error.rpc): string {
  return encodeError(id, { ...errorOf(error), code });
}

/** The error object of `errorBody` alone. */
export function errorOf(error: LetheError): { code: number; message: string; data: JsonObject } {
  const data = { reason: error.code, ...error.detail };
  return { code: error.rpc, message: ERRORS[error.code].message, data: toJson(data) };
}

function toJson(data: object): JsonObject {
  const json = parseJson(JSON.stringify(data));
  return isObject(json) ? json : {};
}
