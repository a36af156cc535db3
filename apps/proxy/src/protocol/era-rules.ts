import type { Era, JsonObject } from '@lethe/contracts';
import type { ParamHeader, HeaderMismatch, RpcRequest } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import type { RequestHeaders } from '../http/request/request-headers.js';
import type { MethodTable } from './method-table.js';

/** A session with one upstream. */
export interface UpstreamSession {
  /** Undefined if the upstream gave none. */
  readonly id: string | undefined;
  /** The negotiated protocol version. */
  readonly version: string;
  /** The events of its streams have ids, so streams can be resumed. Set only for a session that was just opened. */
  readonly hasEventIds?: boolean;
}

/** Server identity and cache rules in lists that Lethe itself answers. */
export interface ListMetadata {
  serverInfo: JsonObject;
  cacheScope: 'public' | 'private';
  ttlMs: number;
}

/**
 * Compares the headers of a request with its body.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#server-validation
 */
export interface HeaderRules {
  mismatch(request: RpcRequest, headers: RequestHeaders): HeaderMismatch | undefined;
  /** Compares the `Mcp-Param-*` headers that the called tool requires. */
  paramMismatch(
    request: RpcRequest,
    params: readonly ParamHeader[],
    headers: RequestHeaders,
  ): HeaderMismatch | undefined;
}

/** What differs between the two eras. There is one object per era. */
export interface EraRules {
  readonly era: Era;
  /** The methods that clients of this era may call, and how each is handled. */
  readonly methods: MethodTable;
  /**
   * A client that disconnects cancels its request. Only in the modern era:
   * https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/cancellation
   */
  readonly disconnectCancels: boolean;
  /** Undefined in the legacy era, where headers do not repeat the body. */
  readonly headers: HeaderRules | undefined;
  /** HTTP status of a JSON-RPC error response. */
  httpStatus(error: LetheError): number;
  /** JSON-RPC code of an error. */
  rpcCode(error: LetheError): number;
  /** HTTP status for an upstream's own JSON-RPC error, which the upstream sent with `status`. */
  relayedErrorStatus(status: number): number;
  /** Upstreams may send requests on their streams; in the modern era such requests are ignored. */
  readonly allowsServerRequests: boolean;
  /** A listed item in the form that clients of this era can read. */
  listedItem(definition: JsonObject): JsonObject;
  /** Members of every result that Lethe itself creates. */
  readonly resultMembers: JsonObject;
  /** Members of a list that Lethe itself creates, besides the items. */
  listMembers(metadata: ListMetadata): JsonObject;
  /** The bytes of a relayed request, without client capabilities that Lethe can't relay. */
  relayBody(request: RpcRequest, body: Buffer): Buffer;
  /** Protocol headers of a relayed request. */
  relayHeaders(request: RpcRequest, own: string, headers: RequestHeaders, session: UpstreamSession): [string, string][];
}
