import { setTimeout as wait } from 'node:timers/promises';
import { boundedRetryMs, eventMessage, type SseEvent, SseEventTooLarge, SseSplitter, waitSeconds } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Dispatcher } from 'undici';
import type { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import type { UpstreamSession } from '../../protocol/era-rules.js';
import { sessionHeaders } from '../../protocol/legacy.era.js';
import type { BodyReader } from '../../upstream/body-reader.js';
import { RepeatedCredential } from '../../upstream/kept-guard.js';
import { PacedReader } from '../../upstream/paced-reader.js';
import { type ChooseReader, sendRequest } from '../../upstream/response-handler.js';
import { upstreamRequest } from '../../upstream/upstream-client.js';
import { type ReconnectDecision, reconnectDecision } from '../../upstream/response-head.js';
import type { NotificationFilter } from '../../server-requests/notification-filter.js';
import {
  type RewrittenMessage,
  type ServerRequestPolicy,
  ServerMessageRewriter,
} from '../../server-requests/message-rewriter.js';

const USUAL_RETRY_MS = 1_000;

/** How to open the stream, and what happens to its messages. */
export interface UpstreamStreamOptions {
  readonly credentials: UpstreamCredentials;
  readonly upstream: UpstreamSession;
  readonly dispatcher: Dispatcher;
  readonly policy: ServerRequestPolicy;
  /** The event id to resume after. */
  readonly after: string | undefined;
  /** Returns false if the client reads too slowly. */
  onMessage(message: RewrittenMessage | undefined, eventId: string | undefined): boolean;
  onDrain(resume: () => void): void;
  /** @param emit sends a notification that had to wait */
  notifications(emit: (json: string) => void): NotificationFilter;
  /** Sends the response to a server request that does not reach the client. */
  answer(response: Buffer): void;
  /** Whether the upstream still knows the session. */
  isSessionKnown(): Promise<boolean>;
}

/**
 * Keeps the GET stream of one upstream open for as long as its client listens.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#listening-for-messages-from-the-server
 */
export class UpstreamStream {
  private readonly notifications: NotificationFilter;
  private readonly rewriter: ServerMessageRewriter;
  private last: string | undefined;
  private retryMs: number | undefined;
  /** How long the upstream asked to wait when it refused the last attempt. */
  private waitMs = 0;
  private failures = 0;

  constructor(private readonly options: UpstreamStreamOptions) {
    const emit = (data: string): void => void options.onMessage({ kind: 'forwarded', data }, undefined);
    this.notifications = options.notifications(emit);
    this.rewriter = new ServerMessageRewriter(options.policy, this.notifications);
    this.last = options.after;
  }

  /**
   * Reconnects until the upstream offers no stream any more. Resolves with true if it has forgotten the session.
   * @param onAnswered called when the upstream has responded and may still send messages
   */
  async run(signal: AbortSignal, onAnswered: () => void): Promise<boolean> {
    signal.addEventListener('abort', () => this.notifications.finish(), { once: true });
    while (!signal.aborted) {
      const verdict = await this.connect(signal, onAnswered);
      if (verdict === 'doubtful') return !(await this.options.isSessionKnown());
      if (verdict === 'lost' || verdict === 'refused') return verdict === 'lost';
      onAnswered();
      await wait(this.delayMs(), undefined, { signal }).catch(() => undefined);
    }
    return false;
  }

  private async connect(signal: AbortSignal, onAnswered: () => void): Promise<ReconnectDecision> {
    const { credentials, upstream, dispatcher } = this.options;
    const resumption: [string, string][] = this.last === undefined ? [] : [['last-event-id', this.last]];
    const protocol = [...sessionHeaders(upstream), ...resumption];
    let verdict: ReconnectDecision = 'later';
    this.failures += 1;
    const choose: ChooseReader = (status, headers) => {
      verdict = reconnectDecision(status, headers, upstream.id !== undefined);
      this.waitMs = (waitSeconds(status, headers, Date.now()) ?? 0) * 1_000;
      if (verdict !== 'open') return IGNORED;
      onAnswered();
      return this.reader();
    };
    // A stream may be silent for any time. For now there may be no kept credential to send.
    const send = async (): Promise<void> => {
      const request = upstreamRequest(credentials, 'GET', protocol, null);
      await sendRequest(dispatcher, { ...request, bodyTimeout: 0 }, choose, signal);
    };
    await send().catch((error: unknown) => {
      // The event would be sent again on each reconnect.
      if (error instanceof SseEventTooLarge || error instanceof RepeatedCredential) verdict = 'refused';
      if (isUsedUp(error)) verdict = 'refused';
    });
    return verdict;
  }

  private reader(): BodyReader {
    const splitter = new SseSplitter();
    const reader: BodyReader = {
      data: (chunk) => {
        let isReady = true;
        const events = splitter.push(chunk);
        this.notifications.read(events.length);
        for (const event of events) isReady = this.onEvent(event);
        return isReady;
      },
      onDrain: (resume) => this.options.onDrain(resume),
      end: () => undefined,
    };
    return new PacedReader(reader, this.notifications);
  }

  private onEvent(event: SseEvent): boolean {
    const { id, retryMs } = event;
    const data = eventMessage(event);
    this.failures = 0;
    this.retryMs = retryMs ?? this.retryMs;
    if (id !== undefined && id !== '') this.last = id;
    const message = data === undefined ? undefined : this.rewriter.rewrite(data);
    if (message?.kind === 'refused') this.options.answer(message.answer);
    return this.options.onMessage(message, id);
  }

  private delayMs(): number {
    const wanted = (this.retryMs ?? USUAL_RETRY_MS) * 2 ** Math.max(0, this.failures - 1);
    return Math.max(this.waitMs, boundedRetryMs(wanted));
  }
}

const IGNORED: BodyReader = { data: () => true, end: () => undefined };

/** Without a proof of possession there is no other attempt; the client has to open its stream again. */
function isUsedUp(error: unknown): boolean {
  return error instanceof LetheError && error.code === 'dpop_proofs_used_up';
}
