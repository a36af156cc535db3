import type { Era, JsonObject } from '@lethe/contracts';
import type { HeaderMismatch, MirroredArgument, RpcRequest } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import type { HeaderView } from '../exchange/header-view.js';
import type { UpstreamSession } from '../sessions/upstream-session.js';
import type { MethodTable } from './method-table.js';

/** How an answer that Lethe makes itself presents the server and what caches may do with it. */
export interface ServerFace {
  serverInfo: JsonObject;
  cacheScope: 'public' | 'private';
  ttlMs: number;
}

/** What differs between the two eras, on either side of the relay. One object per era, nothing else asks which it is. */
export interface EraTranslator {
  readonly era: Era;
  /** What clients of this era may call, and how each method is carried out. */
  readonly methods: MethodTable;
  /** A client that disconnects has cancelled (MCP 2026-07-28, cancellation); in the legacy era it has not. */
  readonly disconnectCancels: boolean;
  /** Where the headers of a request contradict its body. */
  mirrorProblem(request: RpcRequest, headers: HeaderView): HeaderMismatch | undefined;
  /** As `mirrorProblem`, for the arguments that the called tool mirrors. */
  argumentProblem(
    request: RpcRequest,
    mirrored: readonly MirroredArgument[],
    headers: HeaderView,
  ): HeaderMismatch | undefined;
  /** HTTP status of a failure that is told as JSON-RPC. */
  httpStatus(error: LetheError): number;
  /** JSON-RPC code of a failure. */
  rpcCode(error: LetheError): number;
  /** HTTP status of an upstream's own JSON-RPC error that came with `status`. */
  relayedErrorStatus(status: number): number;
  /** Upstreams may send requests on their streams, which want an answer; otherwise such requests are void. */
  readonly upstreamMayAsk: boolean;
  /** A listed item as clients of this era read it. */
  listedItem(definition: JsonObject): JsonObject;
  /** Members that every result of Lethe's own carries. */
  readonly resultMembers: JsonObject;
  /** Members that a list of Lethe's own carries beside its items. */
  listMembers(face: ServerFace): JsonObject;
  /** The bytes of a relayed request without what of the client's can't be carried on. */
  relayBody(request: RpcRequest, body: Buffer): Buffer;
  /** Protocol headers of a relayed request. */
  relayHeaders(request: RpcRequest, own: string, headers: HeaderView, session: UpstreamSession): [string, string][];
}
