import { encodeSseEvent, encodeSseFields } from '@lethe/mcp';
import type { Caller } from '../callers/caller.js';
import type { Exchange } from '../exchange/exchange.js';
import { changedLists, hasSameGateways, type ListName, listsOf } from '../lists/changed-lists.js';
import type { ServerRoutes } from '../routes/server-routes.js';
import type { Session } from '../sessions/session.js';
import type { StreamEnd } from '../journal/stream-journal.js';
import { PRIMED_SINCE, STREAM_HEADERS } from './event-relay.js';
import { isKeepable, type SealedIds, type StreamPlace } from './sealed-ids.js';
import type { Heard } from './upstream-voice.js';

export type SessionPlace = Extract<StreamPlace, { of: 'session' }>;

/** Who listens, in which session; `closing` ends it from this side. */
export interface Listening {
  readonly exchange: Exchange;
  readonly caller: Caller;
  readonly session: Session;
  readonly closing: AbortSignal;
}

/**
 * One open stream of a client's session: what all its upstreams say, and what Lethe itself has to say, under one cursor.
 * All it knows is in the cursor.
 */
export class SessionStream {
  readonly exchange: Exchange;
  readonly caller: Caller;
  readonly session: Session;
  /** Aborts when nobody listens here any more. */
  readonly signal: AbortSignal;
  private readonly leaving = new AbortController();
  private left: StreamEnd | undefined;
  private readonly ids: Map<string, string>;
  private current: ServerRoutes;
  private held: string[] | undefined = [];
  private resumes: (() => void)[] = [];

  constructor(
    { exchange, caller, session, closing }: Listening,
    private readonly sealed: SealedIds,
    private readonly place: SessionPlace | undefined,
  ) {
    this.exchange = exchange;
    this.caller = caller;
    this.session = session;
    this.current = caller.server;
    this.signal = AbortSignal.any([this.leaving.signal, exchange.reply.disconnected, closing]);
    this.ids = new Map(Object.entries(place?.ids ?? {}));
  }

  get server(): ServerRoutes {
    return this.current;
  }

  /** The last event of one upstream that the client has seen. */
  lastOf(gateway: string): string | undefined {
    return this.ids.get(gateway);
  }

  /** Ends it; the first reason counts. */
  leave(why: StreamEnd): void {
    this.left ??= this.end;
    this.left ??= why;
    this.leaving.abort();
  }

  /** Why nobody listens here any more; undefined while somebody does. */
  get end(): StreamEnd | undefined {
    if (this.left !== undefined || !this.signal.aborted) return this.left;
    return this.exchange.reply.disconnected.aborted ? 'client_gone' : 'replica_ending';
  }

  /** The answer's head, a first place to resume from, and what changed since the place it was resumed from. */
  begin(): void {
    this.exchange.reply.beginStream(200, STREAM_HEADERS);
    const held = this.held ?? [];
    this.held = undefined;
    if (this.session.clientVersion >= PRIMED_SINCE) this.write(encodeSseFields({ id: this.cursor() }));
    const isStale = this.place !== undefined && this.place.revision !== this.current.manifest.revision;
    this.tellChanged(isStale ? listsOf(this.current) : []);
    for (const text of held) this.write(text);
    for (const resume of this.resumes.splice(0)) resume();
  }

  /** What an upstream said. Returns false when the client can take no more now. */
  hear(gateway: string, heard: Heard | undefined, eventId: string | undefined): boolean {
    const moves = eventId !== undefined && isKeepable(eventId);
    if (moves) this.ids.set(gateway, eventId);
    if (heard?.kind !== 'told') return true;
    return this.write(encodeSseEvent(heard.data, { id: moves ? this.cursor() : undefined }));
  }

  onDrain(resume: () => void): void {
    if (this.held) this.resumes.push(resume);
    else this.exchange.reply.onceDrained(resume);
  }

  /** Tells what changed in the virtual server. False when its gateways have, so that the stream must begin anew. */
  follow(server: ServerRoutes): boolean {
    const before = this.current;
    this.current = server;
    this.tellChanged(changedLists(before, server));
    return hasSameGateways(before, server);
  }

  private tellChanged(lists: readonly ListName[]): void {
    for (const list of lists) {
      const data = JSON.stringify({ jsonrpc: '2.0', method: `notifications/${list}/list_changed` });
      this.write(encodeSseEvent(data, { id: this.cursor() }));
    }
  }

  private write(text: string): boolean {
    if (!this.held) return this.exchange.reply.write(text);
    this.held.push(text);
    return false;
  }

  private cursor(): string | undefined {
    const { revision } = this.current.manifest;
    return this.sealed.sealPlace(this.session, { of: 'session', revision, ids: Object.fromEntries(this.ids) });
  }
}
