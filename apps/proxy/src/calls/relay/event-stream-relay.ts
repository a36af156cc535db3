import {
  boundedRetryMs,
  editObject,
  encodeSseEvent,
  encodeSseFields,
  eventMessage,
  isIdOf,
  type RpcId,
  SseEventTooLarge,
  type SseEvent,
  type SseFields,
  SseSplitter,
} from '@lethe/mcp';
import type { ResponseWriter } from '../../http/response/response-writer.js';
import { noteRefusal } from './refusal.js';
import type { BodyReader } from '../../upstream/body-reader.js';
import { RepeatedCredential } from '../../upstream/kept-guard.js';
import type { NotificationFilter } from '../../server-requests/notification-filter.js';
import { type ServerRequestPolicy, ServerMessageRewriter } from '../../server-requests/message-rewriter.js';

/** How an upstream's stream is relayed to its client. */
export interface StreamRules {
  readonly policy: ServerRequestPolicy;
  /** The event id with which the client can resume the stream after this upstream event; undefined when it can't. */
  resumptionPoint(eventId: string): string | undefined;
  /** @param emit sends a notification that had to wait */
  notifications(emit: (json: string) => void): NotificationFilter;
  /** Sends the response to a server request that does not reach the client. */
  answer(response: Buffer): void;
  /** The upstream has refused the call with this JSON-RPC error. */
  refused?(code: number): void;
}

/** Rules of a stream that responds to one request. */
export interface ResponseRules extends StreamRules {
  /** The stream has no response that the client may get; returns the JSON to send to the client instead. */
  onUnanswered(why: 'closed_early' | 'too_long' | 'repeats_credential' | 'elicitation_url'): string;
  /** The response, before it is sent. */
  onAnswer?(json: string): void;
  /** The response has been sent; later upstream messages are ignored. */
  onAnswered?(): void;
}

/** The first protocol version whose clients can read an event without data. */
export const PRIMING_EVENT_SINCE = '2025-11-25';

/** Relays a stream event by event: notifications, server requests, and one response to this request. */
export class EventStreamRelay implements BodyReader {
  private readonly splitter = new SseSplitter();
  readonly notifications: NotificationFilter;
  private readonly rewriter: ServerMessageRewriter;
  private isAnswered = false;

  constructor(
    private readonly response: ResponseWriter,
    private readonly id: RpcId,
    private readonly clientVersion: string,
    private readonly rules: ResponseRules,
    /** The client has an event id with which it can resume the stream. */
    private isResumptionOffered = false,
  ) {
    this.notifications = rules.notifications((json) => void response.write(encodeSseEvent(json)));
    this.rewriter = new ServerMessageRewriter(rules.policy, this.notifications);
  }

  /** The client can still get its response by resuming the stream. */
  get isResumable(): boolean {
    return this.isResumptionOffered && !this.isAnswered;
  }

  data(chunk: Buffer): boolean {
    let isReady = true;
    const events = this.splitter.push(chunk);
    this.notifications.read(events.length);
    for (const event of events) {
      const text = this.toClientText(event);
      if (text !== undefined) isReady = this.response.write(text);
    }
    if (this.isAnswered) this.rules.onAnswered?.();
    return isReady;
  }

  onDrain(resume: () => void): void {
    this.response.onceDrained(resume);
  }

  end(): void {
    this.finish();
  }

  /**
   * Ends the stream, also one that broke. A client that can't resume it gets an error. So does one whose stream had an event
   * that no client may get: the upstream would send it again.
   */
  finish(error?: unknown): void {
    this.sendWaiting();
    const why = lastingFailure(error);
    if (!this.isAnswered && (why !== undefined || !this.isResumable)) {
      this.isAnswered = true;
      this.response.write(encodeSseEvent(this.rules.onUnanswered(why ?? 'closed_early')));
    }
    this.response.end();
  }

  /** The event as the client gets it; undefined when the client must not get it. */
  private toClientText(event: SseEvent): string | undefined {
    const { id, retryMs } = event;
    const data = eventMessage(event);
    const isEmpty = data === undefined;
    const resumptionPoint =
      id === undefined || (isEmpty && this.clientVersion < PRIMING_EVENT_SINCE)
        ? undefined
        : this.rules.resumptionPoint(id);
    // Also a comment: the client's stream has its own.
    if (isEmpty && (resumptionPoint === undefined || !this.notifications.mayPassOther())) return undefined;
    const fields = { id: resumptionPoint, retryMs: retryMs === undefined ? undefined : boundedRetryMs(retryMs) };
    const text = isEmpty ? encodeSseFields(fields) : this.message(data, fields);
    this.isResumptionOffered ||= text !== undefined && resumptionPoint !== undefined;
    return text;
  }

  private message(data: string, fields: SseFields): string | undefined {
    const message = this.rewriter.rewrite(data);
    if (message?.kind === 'refused') this.rules.answer(message.answer);
    if (message?.kind === 'forwarded') return encodeSseEvent(message.data, fields);
    if (message?.kind !== 'response' || !isIdOf(message.id, this.id) || this.isAnswered) return undefined;
    this.isAnswered = true;
    this.sendWaiting();
    const json = message.id === this.id ? data : editObject(data, { id: JSON.stringify(this.id) });
    this.rules.onAnswer?.(json);
    if (this.rules.refused) noteRefusal(json, (code) => this.rules.refused?.(code));
    const shown = this.rules.policy.elicitations.inResponse(json);
    return encodeSseEvent(shown ?? this.rules.onUnanswered('elicitation_url'), fields);
  }

  /** Sends the notifications that wait, before the end of the stream. */
  private sendWaiting(): void {
    for (const json of this.notifications.finish()) this.response.write(encodeSseEvent(json));
  }
}

/** Why the stream would break again at the same event if it was resumed; undefined if it may go on. */
function lastingFailure(error: unknown): 'too_long' | 'repeats_credential' | undefined {
  if (error instanceof RepeatedCredential) return 'repeats_credential';
  return error instanceof SseEventTooLarge ? 'too_long' : undefined;
}
