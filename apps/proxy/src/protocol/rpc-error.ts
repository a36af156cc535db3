import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';

/** An error object of JSON-RPC as an upstream sent it. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue;
}

/** Codes that the specifications of both eras know. */
export const RPC = {
  methodNotFound: -32601,
  invalidParams: -32602,
  /** Legacy only (MCP 2025-11-25, resources, error handling). */
  resourceNotFound: -32002,
  /** Legacy only (MCP 2025-11-25, elicitation, URL elicitation required error). */
  urlElicitationRequired: -32042,
  /** Modern only (MCP 2026-07-28, basic, error codes). */
  headerMismatch: -32020,
  missingClientCapability: -32021,
  versionUnsupported: -32022,
} as const;

/** Undefined for what is no error object. */
export function toRpcError(value: JsonValue | undefined): RpcError | undefined {
  if (!isObject(value)) return undefined;
  const { code, message, data } = value;
  if (typeof code !== 'number' || typeof message !== 'string') return undefined;
  return { code, message, ...(data !== undefined && { data }) };
}

/** A member of an error's data, when the data is an object. */
export function dataOf(error: RpcError): JsonObject {
  return isObject(error.data) ? error.data : {};
}
