import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject, isRpcId, type RpcId } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Sealer } from '@lethe/sealing';
import type { UpstreamSession } from '../../protocol/upstream-session.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import type { InputRequest } from './input-required.js';

/** Where a call stands whose upstream waits for an answer. */
export interface PendingInput {
  /** The stream of the call goes on after this event. */
  readonly lastEventId: string;
  /** Ids that the upstream knows: of its own request, and of the call. */
  readonly askId: RpcId;
  readonly callId: RpcId;
  /** Under which the call reports its progress. */
  readonly progressToken: RpcId | undefined;
  /** Asked again when the client comes back without an answer. */
  readonly ask: InputRequest;
}

/** What a client has to come back with: enough for any replica to go on with its call. */
export interface RequestState {
  readonly session: UpstreamSession & { readonly id: string };
  /** Undefined when the call is to be made again, in its session. */
  readonly waiting: PendingInput | undefined;
}

const TTL_SECONDS = 60 * 60;

/**
 * States of waiting calls as clients carry them: sealed, of one caller on one virtual server, for one item of one
 * configuration of its gateway, and not for ever (MCP 2026-07-28, multi round-trip requests, request state).
 */
export class RequestStates {
  constructor(private readonly sealer: Sealer) {}

  seal(call: UpstreamCall, { session, waiting }: RequestState): string {
    const claims: JsonObject = {
      t: targetOf(call),
      x: nowSeconds() + TTL_SECONDS,
      s: [session.id, session.version],
      w: waiting ? waitingClaims(waiting) : null,
    };
    return this.sealer.seal(claims, binding(call));
  }

  /** @throws LetheError `params_invalid` for what was not sealed for this call, or too long ago */
  open(call: UpstreamCall, sealed: string): RequestState {
    const state = read(this.sealer.open(sealed, binding(call)), targetOf(call));
    if (!state) throw new LetheError('params_invalid', { member: 'requestState' });
    return state;
  }
}

function waitingClaims({ lastEventId, askId, callId, progressToken, ask }: PendingInput): JsonObject {
  return {
    e: lastEventId,
    q: askId,
    c: callId,
    ...(progressToken !== undefined && { p: progressToken }),
    m: ask.method,
    a: ask.params,
  };
}

function read(claims: JsonValue | undefined, target: string): RequestState | undefined {
  if (!isObject(claims) || claims['t'] !== target || Number(claims['x']) <= nowSeconds()) return undefined;
  const { s, w } = claims;
  const [id, version] = Array.isArray(s) ? s : [];
  const waiting = isObject(w) ? readWaiting(w) : undefined;
  const isWhole = typeof id === 'string' && typeof version === 'string' && (w === null || waiting !== undefined);
  return isWhole ? { session: { id, version }, waiting } : undefined;
}

function readWaiting({ e, q, c, p, m, a }: JsonObject): PendingInput | undefined {
  if (typeof e !== 'string' || !isRpcId(q) || !isRpcId(c) || typeof m !== 'string' || !isObject(a)) return undefined;
  const progressToken = isRpcId(p) ? p : undefined;
  return { lastEventId: e, askId: q, callId: c, progressToken, ask: { method: m, params: a } };
}

function binding({ caller }: UpstreamCall): string {
  return JSON.stringify([caller.server.id, caller.id]);
}

function targetOf({ message, target, credentials }: UpstreamCall): string {
  const { id, configRevision } = credentials.access.gateway;
  return JSON.stringify([id, configRevision, message.method, target.item.own]);
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
