import { ITEM_KINDS, type ItemKind, type JsonObject, type JsonValue } from '@lethe/contracts';
import { isObject, isRpcId, type RpcId } from '@lethe/mcp';
import type { Sealer } from '@lethe/sealing';
import type { HeldRequest } from '../replicas/pending-inputs.js';
import type { Session } from '../sessions/sessions.js';
import type { UpstreamSession } from '../protocol/era-rules.js';

/**
 * A request of an upstream that waits for a client's response: the gateway, its session if the client's token has none, and
 * the upstream's own id.
 */
export interface SealedRequest {
  readonly gateway: string;
  readonly ephemeralSession: UpstreamSession | undefined;
  /** The id of the upstream's request, or its progress token. */
  readonly own: RpcId;
}

/** Where a stream can be resumed: that of one call at its upstream, or that of the session at all upstreams. */
export type ResumptionPoint =
  | {
      readonly of: 'call';
      readonly gateway: string;
      readonly id: string;
      readonly request: RpcId;
      /** Of the call; undefined if there is none, or if it is too long. */
      readonly progressToken?: RpcId | undefined;
      /** What was called, where it depends on the caller's roles whether it may be. */
      readonly item?: CalledItem | undefined;
    }
  | { readonly of: 'session'; readonly revision: number; readonly ids: Readonly<Record<string, string>> };

/** What a call named. */
export interface CalledItem {
  readonly kind: ItemKind;
  readonly exposed: string;
}

/** Longest upstream event id that is kept: sixteen of them have to fit one header. */
const MAX_EVENT_ID = 256;

/**
 * Sealed ids, which clients send back. They name the upstream, so any replica can use them. An id opens only in the session
 * that it was sealed for.
 */
export class SealedIds {
  constructor(
    private readonly requests: Sealer,
    private readonly events: Sealer,
  ) {}

  sealRequest(session: Session, request: SealedRequest): string {
    return this.requests.seal(requestClaims('i', request), session.binding);
  }

  openRequest(session: Session, id: RpcId): SealedRequest | undefined {
    return readRequest('i', this.openAs(session, id));
  }

  /** Seals the id of a request of Lethe's own, which a replica holds. */
  sealHeld(session: Session, { replica, id }: HeldRequest): string {
    return this.requests.seal({ r: replica, i: id }, session.binding);
  }

  openHeld(session: Session, sealed: RpcId): HeldRequest | undefined {
    const claims = this.openAs(session, sealed);
    const { r: replica, i: id } = isObject(claims) ? claims : {};
    return typeof replica === 'string' && typeof id === 'string' ? { replica, id } : undefined;
  }

  sealProgress(session: Session, request: SealedRequest): string {
    return this.requests.seal(requestClaims('t', request), session.binding);
  }

  openProgress(session: Session, token: JsonValue | undefined): SealedRequest | undefined {
    return readRequest('t', this.openAs(session, token));
  }

  /** Undefined when the id would not fit a header: the stream can't be resumed there. */
  sealResumptionPoint(session: Session, resumptionPoint: ResumptionPoint): string | undefined {
    if (resumptionPoint.of === 'session')
      return this.events.seal({ r: resumptionPoint.revision, a: { ...resumptionPoint.ids } }, session.binding);
    const { gateway, id, request, progressToken, item } = resumptionPoint;
    if (!isKeepable(id) || (item && !isKeepable(item.exposed))) return undefined;
    const isKept = progressToken !== undefined && JSON.stringify(progressToken).length <= MAX_EVENT_ID;
    const called = item && { k: item.kind, n: item.exposed };
    const claims = { g: gateway, e: id, i: request, ...(isKept && { p: progressToken }), ...called };
    return this.events.seal(claims, session.binding);
  }

  openResumptionPoint(session: Session, id: string): ResumptionPoint | undefined {
    const claims = this.events.open(id, session.binding);
    if (!isObject(claims)) return undefined;
    const { g: gateway, e, i: request, r: revision, a: ids, p, k, n } = claims;
    if (typeof revision === 'number' && isObject(ids)) return { of: 'session', revision, ids: textsOf(ids) };
    const isWhole = typeof gateway === 'string' && typeof e === 'string' && isRpcId(request);
    const progress = isRpcId(p) && { progressToken: p };
    const kind = ITEM_KINDS.find((one) => one === k);
    const called = kind !== undefined && typeof n === 'string' && { item: { kind, exposed: n } };
    return isWhole ? { of: 'call', gateway, id: e, request, ...progress, ...called } : undefined;
  }

  private openAs(session: Session, sealed: JsonValue | undefined): JsonValue | undefined {
    return typeof sealed === 'string' ? this.requests.open(sealed, session.binding) : undefined;
  }
}

/** Whether an upstream's event id can be kept: neither empty nor too long. */
export function isKeepable(eventId: string): boolean {
  return eventId !== '' && eventId.length <= MAX_EVENT_ID;
}

function requestClaims(as: 'i' | 't', { gateway, ephemeralSession, own }: SealedRequest): JsonObject {
  return {
    g: gateway,
    [as]: own,
    ...(ephemeralSession?.id !== undefined && { s: [ephemeralSession.id, ephemeralSession.version] }),
  };
}

function readRequest(as: 'i' | 't', claims: JsonValue | undefined): SealedRequest | undefined {
  if (!isObject(claims)) return undefined;
  const { g: gateway, [as]: own, s } = claims;
  const [id, version] = Array.isArray(s) ? s : [];
  const ephemeralSession = typeof id === 'string' && typeof version === 'string' ? { id, version } : undefined;
  return typeof gateway === 'string' && isRpcId(own) ? { gateway, ephemeralSession, own } : undefined;
}

function textsOf(ids: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(ids).flatMap(([slug, id]) => (typeof id === 'string' ? [[slug, id]] : [])));
}
