import type { LetheError, SpanEnd } from '@lethe/platform';
import { isToldAsResult } from '../request/failure-response.js';
import { type CallTrace, TOOL_ERROR } from '../request/call-trace.js';
import type { DecodedRequest } from '../request/mcp-request.js';

/** What a failed call failed with: an error of Lethe's, or the client that did not wait. */
export type CallFailure = LetheError | 'client_gone' | undefined;

/** JSON-RPC errors that are the client's own: what was asked for is not there, or was not asked for rightly. */
const CLIENT_FAULTS = new Set(['-32700', '-32600', '-32601', '-32602', '-32002']);

/** `error.type` of the response that the client gets; undefined if it is no error. */
export function serverErrorType(request: DecodedRequest, error: CallFailure): string | undefined {
  if (error === undefined || error === 'client_gone') return error;
  return isToldAsResult(request, error) ? TOOL_ERROR : String(request.era.rpcCode(error));
}

/** How Lethe's answer to a client ended; undefined for one without an error. */
export function serverEnd(
  request: DecodedRequest,
  { upstreamError }: CallTrace,
  error: CallFailure,
): SpanEnd | undefined {
  const type = serverErrorType(request, error) ?? upstreamError;
  if (type === undefined) return undefined;
  const isOwn = error instanceof Error;
  const isClients = isOwn ? error.status < 500 : error === 'client_gone' || CLIENT_FAULTS.has(type);
  return endWith(type, !isClients, isOwn ? error.code : undefined);
}

/** How Lethe's request to an upstream ended; undefined for one without an error. */
export function clientEnd({ upstreamError }: CallTrace, error: CallFailure): SpanEnd | undefined {
  const type = upstreamError ?? (error instanceof Error ? error.code : error);
  return type === undefined ? undefined : endWith(type, type !== 'client_gone');
}

/** `rpc.response.status_code` is the code of a JSON-RPC error. */
function endWith(type: string, isError: boolean, code?: string): SpanEnd {
  const status = /^-?\d+$/.test(type) ? type : undefined;
  const attributes = { 'error.type': type, 'rpc.response.status_code': status, 'lethe.error.code': code };
  return { attributes, isError };
}
