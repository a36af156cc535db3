import type { Attributes, LetheError, SpanEnd } from '@lethe/platform';
import { isToldAsResult } from '../request/failure-response.js';
import { type CallTrace, shownId, TOOL_ERROR } from '../request/call-trace.js';
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

/** What the span of Lethe's answer to a client tells of this call. */
export function serverSpan(request: DecodedRequest, { upstreamError }: CallTrace, error: CallFailure): SpanEnd {
  const { session, version } = request;
  const attributes = ofMessage(request, session?.clientVersion ?? version);
  const type = serverErrorType(request, error) ?? upstreamError;
  if (type === undefined) return { attributes };
  const code = error instanceof Error ? error.code : undefined;
  const isClients = error instanceof Error ? error.status < 500 : error === 'client_gone' || CLIENT_FAULTS.has(type);
  return { attributes: { ...attributes, ...ofError(type), 'lethe.error.code': code }, isError: !isClients };
}

/** What the span of Lethe's request to an upstream tells of this call. */
export function clientSpan(request: DecodedRequest, { upstreamError }: CallTrace, error: CallFailure): SpanEnd {
  const attributes = ofMessage(request, request.credentials?.access.served.protocolVersion);
  const type = upstreamError ?? (error instanceof Error ? error.code : error);
  if (type === undefined) return { attributes };
  return { attributes: { ...attributes, ...ofError(type) }, isError: type !== 'client_gone' };
}

function ofMessage({ message }: DecodedRequest, version: string | undefined): Attributes {
  const id = message.kind === 'request' ? shownId(message.id) : undefined;
  return { 'mcp.protocol.version': version, 'jsonrpc.request.id': id };
}

/** `rpc.response.status_code` is the code of a JSON-RPC error. */
function ofError(type: string): Attributes {
  return { 'error.type': type, 'rpc.response.status_code': /^-?\d+$/.test(type) ? type : undefined };
}
