import { type Attributes, type LetheError, SPAN_KIND, type SpanEnd } from '@lethe/platform';
import { isToldAsResult } from '../request/failure-response.js';
import { type CallTrace, shownId, TOOL_ERROR } from '../request/call-trace.js';
import type { DecodedRequest } from '../request/mcp-request.js';
import type { UpstreamTarget } from '../routes/table/gateway.js';

/** What a failed call failed with: an error of Lethe's, or the client that did not wait. */
export type CallFailure = LetheError | 'client_gone' | undefined;

/** JSON-RPC errors that are the client's own: what was asked for is not there, or was not asked for rightly. */
const CLIENT_FAULTS = new Set(['-32700', '-32600', '-32601', '-32602', '-32002']);
const OVER_HTTP = { 'network.transport': 'tcp', 'network.protocol.name': 'http' };

/** `error.type` of the response that the client gets; undefined if it is no error. */
export function serverErrorType(request: DecodedRequest, error: CallFailure): string | undefined {
  if (error === undefined || error === 'client_gone') return error;
  return isToldAsResult(request, error) ? TOOL_ERROR : String(request.era.rpcCode(error));
}

/** Lethe's answer to a client, as a span. */
export function serverSpan(request: DecodedRequest, { upstreamError }: CallTrace, error: CallFailure): SpanEnd {
  const { target, caller, session, version } = request;
  const type = serverErrorType(request, error) ?? upstreamError;
  const name = nameOf(request, target?.item.exposed);
  const isClients =
    error instanceof Error ? error.status < 500 : error === 'client_gone' || CLIENT_FAULTS.has(type ?? '');
  return {
    kind: SPAN_KIND.server,
    name: name.span,
    isError: type !== undefined && !isClients,
    attributes: {
      ...name.attributes,
      'mcp.protocol.version': session?.clientVersion ?? version,
      ...errorAttributes(type),
      'lethe.server': caller.server.manifest.slug,
      'lethe.gateway': target?.item.gateway.slug,
      'lethe.error.code': error instanceof Error ? error.code : undefined,
    },
  };
}

/** Lethe's request to an upstream, as a span. */
export function clientSpan(request: DecodedRequest, { upstreamError }: CallTrace, error: CallFailure): SpanEnd {
  const { target, credentials } = request;
  const type = upstreamError ?? (error instanceof Error ? error.code : error);
  const name = nameOf(request, target?.item.own);
  return {
    kind: SPAN_KIND.client,
    name: name.span,
    isError: type !== undefined && type !== 'client_gone',
    attributes: {
      ...name.attributes,
      'mcp.protocol.version': credentials?.access.served.protocolVersion,
      ...errorAttributes(type),
      ...(target && addressOf(target.item.gateway.target)),
      'lethe.gateway': target?.item.gateway.slug,
    },
  };
}

/** `rpc.response.status_code` is the code of a JSON-RPC error. */
function errorAttributes(type: string | undefined): Attributes {
  const isCode = type !== undefined && /^-?\d+$/.test(type);
  return { 'error.type': type, 'rpc.response.status_code': isCode ? type : undefined };
}

/**
 * Only names that a manifest publishes: a URI may be any text, and one that does not exist too.
 * @param item the name of the item on this side of Lethe
 */
function nameOf(
  { message, target }: DecodedRequest,
  item: string | undefined,
): { span: string; attributes: Attributes } {
  const method = message.kind === 'response' ? '' : message.method;
  const kind = target?.item.kind;
  const named = kind === 'tool' || kind === 'prompt' ? item : undefined;
  const attributes = {
    'mcp.method.name': method,
    'gen_ai.operation.name': method === 'tools/call' ? 'execute_tool' : undefined,
    'gen_ai.tool.name': kind === 'tool' ? named : undefined,
    'gen_ai.prompt.name': kind === 'prompt' ? named : undefined,
    'jsonrpc.request.id': message.kind === 'request' ? shownId(message.id) : undefined,
    ...OVER_HTTP,
  };
  return { span: named === undefined ? method : `${method} ${named}`, attributes };
}

const addresses = new WeakMap<UpstreamTarget, Attributes>();

function addressOf(target: UpstreamTarget): Attributes {
  const known = addresses.get(target);
  if (known) return known;
  const { port, protocol } = new URL(target.origin);
  const usual = protocol === 'https:' ? 443 : 80;
  const address = { 'server.address': target.hostname, 'server.port': port === '' ? usual : Number(port) };
  addresses.set(target, address);
  return address;
}
