import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';

/** A JSON-RPC error object from an upstream. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue;
}

/** Error codes of JSON-RPC and of the specifications of both eras. */
export const RPC = {
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** Legacy only: https://modelcontextprotocol.io/specification/2025-11-25/server/resources#error-handling */
  resourceNotFound: -32002,
  /** Legacy only: https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation */
  urlElicitationRequired: -32042,
  /** This and the following, modern only: https://modelcontextprotocol.io/specification/2026-07-28/basic#error-codes */
  headerMismatch: -32020,
  missingClientCapability: -32021,
  versionUnsupported: -32022,
} as const;

/** Reads an error object; undefined if the value is none. */
export function toRpcError(value: JsonValue | undefined): RpcError | undefined {
  if (!isObject(value)) return undefined;
  const { code, message, data } = value;
  if (typeof code !== 'number' || typeof message !== 'string') return undefined;
  return { code, message, ...(data !== undefined && { data }) };
}

/** The error's data; empty if it is not an object. */
export function dataOf(error: RpcError): JsonObject {
  return isObject(error.data) ? error.data : {};
}
