import { encodeSseEvent, encodeSseMarks } from '@lethe/mcp';
import type { Caller } from '../callers/caller.js';
import type { ReplySink } from '../exchange/reply-sink.js';
import { changedLists, type ListName, listsOf } from '../lists/changed-lists.js';
import type { ServerRoutes } from '../routes/server-routes.js';
import type { Session } from '../sessions/session.js';
import { PRIMED_SINCE, STREAM_HEADERS } from './event-relay.js';
import { isKeepable, type SealedIds, type StreamPlace } from './sealed-ids.js';
import type { Heard } from './upstream-voice.js';

export type SessionPlace = Extract<StreamPlace, { of: 'session' }>;

/**
 * One open stream of a client's session: what all its upstreams say, and what Lethe itself has to say, under one cursor.
 * All it knows is in the cursor.
 */
export class SessionStream {
  private readonly ids: Map<string, string>;
  private held: string[] | undefined = [];
  private resumes: (() => void)[] = [];

  constructor(
    private readonly reply: ReplySink,
    private readonly session: Session,
    private readonly sealed: SealedIds,
    private server: ServerRoutes,
    private readonly place: SessionPlace | undefined,
  ) {
    this.ids = new Map(Object.entries(place?.ids ?? {}));
  }

  /** The answer's head, a first place to resume from, and what changed since the place it was resumed from. */
  begin(): void {
    this.reply.beginStream(200, STREAM_HEADERS);
    const held = this.held ?? [];
    this.held = undefined;
    if (this.session.clientVersion >= PRIMED_SINCE) this.write(encodeSseMarks({ id: this.cursor() }));
    const isStale = this.place !== undefined && this.place.revision !== this.server.manifest.revision;
    this.tellChanged(isStale ? listsOf(this.server) : []);
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
    else this.reply.onceDrained(resume);
  }

  /** The virtual server has changed. Returns false when its gateways have, so that the stream must begin anew. */
  follow({ server }: Caller): boolean {
    const changed = changedLists(this.server, server);
    const isSame = gatewaysOf(this.server) === gatewaysOf(server);
    this.server = server;
    this.tellChanged(changed);
    return isSame;
  }

  private tellChanged(lists: readonly ListName[]): void {
    for (const list of lists) {
      const data = JSON.stringify({ jsonrpc: '2.0', method: `notifications/${list}/list_changed` });
      this.write(encodeSseEvent(data, { id: this.cursor() }));
    }
  }

  private write(text: string): boolean {
    if (!this.held) return this.reply.write(text);
    this.held.push(text);
    return false;
  }

  private cursor(): string | undefined {
    const { revision } = this.server.manifest;
    return this.sealed.sealPlace(this.session, { of: 'session', revision, ids: Object.fromEntries(this.ids) });
  }
}

function gatewaysOf({ gateways }: ServerRoutes): string {
  return JSON.stringify(gateways.map(({ slug, configRevision, closed }) => [slug, configRevision, closed ?? null]));
}
