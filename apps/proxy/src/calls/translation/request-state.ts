import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject, isRpcId, type RpcId } from '@lethe/mcp';
import { LetheError, nowSeconds } from '@lethe/platform';
import type { Sealer } from '@lethe/sealing';
import type { UpstreamSession } from '../../protocol/era-rules.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import type { InputRequest } from './legacy-input-requests.js';

/** An upstream session with an id, so that any replica can continue it. */
export type IdentifiedSession = UpstreamSession & { readonly id: string };

/** The progress of a call whose upstream waits for input from the client. */
export interface PendingInput {
  /** The call's stream is resumed after this event. */
  readonly lastEventId: string;
  /** Id of the upstream's own request, to which the input is the response. */
  readonly serverRequestId: RpcId;
  /** Id of the call, as the upstream knows it. */
  readonly callId: RpcId;
  /** Token with which the upstream reports the call's progress. */
  readonly progressToken: RpcId | undefined;
  /** Sent again when the client repeats the call without the input. */
  readonly inputRequest: InputRequest;
}

/** The content of a sealed `requestState`: all that a replica needs to continue the call. */
export interface RequestState {
  readonly session: IdentifiedSession;
  /** Undefined when the call is to be repeated in its session. */
  readonly pending: PendingInput | undefined;
}

const TTL_SECONDS = 60 * 60;

/**
 * Seals the states of calls that wait for input. A state is valid for a limited time, for one caller on one virtual
 * server, and for one item of one configuration of its gateway; one that began with a kept credential only while the call has one.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr
 */
export class RequestStates {
  constructor(private readonly sealer: Sealer) {}

  seal(call: UpstreamCall, { session, pending }: RequestState): string {
    const claims: JsonObject = {
      t: targetOf(call),
      x: nowSeconds() + TTL_SECONDS,
      s: [session.id, session.version],
      w: pending ? pendingClaims(pending) : null,
    };
    return this.sealer.seal(claims, binding(call));
  }

  /** @throws LetheError `params_invalid` for a state that has expired or was not sealed for this call */
  open(call: UpstreamCall, sealed: string): RequestState {
    const state = read(this.sealer.open(sealed, binding(call)), targetOf(call));
    if (!state) throw new LetheError('params_invalid', { member: 'requestState' });
    return state;
  }
}

function pendingClaims({
  lastEventId,
  serverRequestId,
  callId,
  progressToken,
  inputRequest,
}: PendingInput): JsonObject {
  return {
    e: lastEventId,
    q: serverRequestId,
    c: callId,
    ...(progressToken !== undefined && { p: progressToken }),
    m: inputRequest.method,
    a: inputRequest.params,
  };
}

function read(claims: JsonValue | undefined, target: string): RequestState | undefined {
  if (!isObject(claims) || claims['t'] !== target || Number(claims['x']) <= nowSeconds()) return undefined;
  const { s, w } = claims;
  const [id, version] = Array.isArray(s) ? s : [];
  const pending = isObject(w) ? readPending(w) : undefined;
  const isComplete = typeof id === 'string' && typeof version === 'string' && (w === null || pending !== undefined);
  return isComplete ? { session: { id, version }, pending } : undefined;
}

function readPending({ e, q, c, p, m, a }: JsonObject): PendingInput | undefined {
  if (typeof e !== 'string' || !isRpcId(q) || !isRpcId(c) || typeof m !== 'string' || !isObject(a)) return undefined;
  const progressToken = isRpcId(p) ? p : undefined;
  return { lastEventId: e, serverRequestId: q, callId: c, progressToken, inputRequest: { method: m, params: a } };
}

function binding({ caller }: UpstreamCall): string {
  return JSON.stringify([caller.server.id, caller.id]);
}

function targetOf({ message, target, credentials }: UpstreamCall): string {
  const { id, configRevision } = credentials.access.gateway;
  // An upstream may take whoever opened a session for whoever calls in it.
  const kept = credentials.isKept ? ['kept'] : [];
  return JSON.stringify([id, configRevision, message.method, target.item.own, ...kept]);
}
