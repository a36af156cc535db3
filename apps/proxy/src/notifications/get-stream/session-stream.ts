import { encodeSseEvent, encodeSseFields } from '@lethe/mcp';
import { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import type { IdentifiedRequest } from '../../request/mcp-request.js';
import type { Gateway } from '../../routes/table/gateway.js';
import { changedLists, hasSameGateways, type ListName, listsOf } from '../../routes/table/list-changes.js';
import type { VirtualServer } from '../../routes/table/virtual-server.js';
import type { Session } from '../../sessions/sessions.js';
import type { StreamEnd } from '../../telemetry/stream-log.js';
import { PRIMING_EVENT_SINCE } from '../../calls/relay/event-stream-relay.js';
import { STREAM_HEADERS } from '../../http/response/stream-headers.js';
import { isKeepable, type SealedIds, type ResumptionPoint } from '../../server-requests/sealed-ids.js';
import type { RewrittenMessage } from '../../server-requests/message-rewriter.js';

/** Where the stream of a session is resumed. */
export type SessionResumptionPoint = Extract<ResumptionPoint, { of: 'session' }>;

/** A request for a stream, its session, and the signal that ends the stream when this replica ends. */
export interface SessionStreamOptions {
  readonly request: IdentifiedRequest;
  readonly session: Session;
  readonly closing: AbortSignal;
}

/**
 * One open GET stream of a client's session. It contains the messages of all upstreams and of the virtual server itself
 * under one cursor; all state that outlives the connection is in the cursor.
 */
export class SessionStream {
  readonly request: IdentifiedRequest;
  readonly session: Session;
  /** Aborts when the stream is over, from either side. */
  readonly signal: AbortSignal;
  private readonly closeController = new AbortController();
  private endReason: StreamEnd | undefined;
  private readonly ids: Map<string, string>;
  private current: VirtualServer;
  private buffered: string[] | undefined = [];
  private resumes: (() => void)[] = [];

  constructor(
    { request, session, closing }: SessionStreamOptions,
    private readonly sealed: SealedIds,
    private readonly resumptionPoint: SessionResumptionPoint | undefined,
  ) {
    this.request = request;
    this.session = session;
    this.current = request.caller.server;
    this.signal = AbortSignal.any([this.closeController.signal, request.response.disconnected, closing]);
    this.ids = new Map(Object.entries(resumptionPoint?.ids ?? {}));
  }

  get server(): VirtualServer {
    return this.current;
  }

  /**
   * The client's credentials for one gateway; undefined when the gateway is closed or a required credential is missing. The end
   * of a kept one, or of the caller's proofs, ends the stream, as a change of gateways does.
   * @throws LetheError as `UpstreamCredentials.trySelect`
   */
  credentialsFor(gateway: Gateway): UpstreamCredentials | undefined {
    const { headers, caller } = this.request;
    const credentials = UpstreamCredentials.trySelect(headers, caller, gateway, 'legacy');
    const { signal } = this;
    credentials?.ended?.addEventListener('abort', () => this.close('gateways_changed'), { once: true, signal });
    return credentials;
  }

  /** The id of the last event of one upstream that the client has received. */
  lastOf(gateway: string): string | undefined {
    return this.ids.get(gateway);
  }

  /** Ends the stream; the first reason counts. */
  close(why: StreamEnd): void {
    this.endReason ??= this.end;
    this.endReason ??= why;
    this.closeController.abort();
  }

  /** Why the stream is over; undefined while it is open. */
  get end(): StreamEnd | undefined {
    if (this.endReason !== undefined || !this.signal.aborted) return this.endReason;
    return this.request.response.disconnected.aborted ? 'client_gone' : 'replica_ending';
  }

  /**
   * Sends the response's head, a first event id to resume from, and what changed since the point from which the client
   * resumes.
   */
  start(): void {
    this.request.response.beginStream(200, STREAM_HEADERS);
    const buffered = this.buffered ?? [];
    this.buffered = undefined;
    if (this.session.clientVersion >= PRIMING_EVENT_SINCE) this.write(encodeSseFields({ id: this.cursor() }));
    const isStale =
      this.resumptionPoint !== undefined && this.resumptionPoint.revision !== this.current.manifest.revision;
    this.sendListChanges(isStale ? listsOf(this.current) : []);
    for (const text of buffered) this.write(text);
    for (const resume of this.resumes.splice(0)) resume();
  }

  /** Relays a message of an upstream. Returns false if the client reads too slowly. */
  onMessage(gateway: string, message: RewrittenMessage | undefined, eventId: string | undefined): boolean {
    const isKept = eventId !== undefined && isKeepable(eventId);
    if (isKept) this.ids.set(gateway, eventId);
    if (message?.kind !== 'forwarded') return true;
    return this.write(encodeSseEvent(message.data, { id: isKept ? this.cursor() : undefined }));
  }

  onDrain(resume: () => void): void {
    if (this.buffered) this.resumes.push(resume);
    else this.request.response.onceDrained(resume);
  }

  /**
   * Sends list changes of the virtual server. Returns false when its gateways changed, so that the stream has to be
   * opened again.
   */
  applyUpdate(server: VirtualServer): boolean {
    const before = this.current;
    this.current = server;
    this.sendListChanges(changedLists(before, server));
    return hasSameGateways(before, server);
  }

  private sendListChanges(lists: readonly ListName[]): void {
    for (const list of lists) {
      const data = JSON.stringify({ jsonrpc: '2.0', method: `notifications/${list}/list_changed` });
      this.write(encodeSseEvent(data, { id: this.cursor() }));
    }
  }

  private write(text: string): boolean {
    if (!this.buffered) return this.request.response.write(text);
    this.buffered.push(text);
    return false;
  }

  private cursor(): string | undefined {
    const { revision } = this.current.manifest;
    return this.sealed.sealResumptionPoint(this.session, {
      of: 'session',
      revision,
      ids: Object.fromEntries(this.ids),
    });
  }
}
