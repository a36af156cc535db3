import { ADMIN_API_ERRORS } from './error-tables/admin-api.js';
import { MCP_ENDPOINT_ERRORS } from './error-tables/mcp-endpoint.js';
import { UPSTREAM_ERRORS } from './error-tables/upstream.js';

/**
 * All errors that clients can see: `code -> HTTP status, JSON-RPC code, fixed message`. A message never contains a value.
 * Lethe's own JSON-RPC codes are outside the reserved range (MCP 2026-07-28, basic, error codes): 11xx of the admin API,
 * 12xx of the MCP endpoint, 13xx about one upstream. None contains an HTTP status such as 401: some clients search an
 * error's text for these digits.
 */
export const ERRORS = { ...ADMIN_API_ERRORS, ...MCP_ENDPOINT_ERRORS, ...UPSTREAM_ERRORS } as const;

/** Stable code of an error. */
export type ErrorCode = keyof typeof ERRORS;

/** Details that are safe to show: names of fields, headers, gateways and rules. Never a value from a request. */
export type ErrorDetail = Record<string, unknown>;

/** The only error whose code and detail are shown to clients. Any other error becomes `internal`. */
export class LetheError extends Error {
  override readonly name = 'LetheError';
  readonly status: number;
  readonly rpc: number;

  constructor(
    readonly code: ErrorCode,
    readonly detail: ErrorDetail = {},
    options?: { cause?: unknown },
  ) {
    super(ERRORS[code].message, options);
    this.status = ERRORS[code].status;
    this.rpc = ERRORS[code].rpc;
  }
}
