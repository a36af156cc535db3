import { type RpcId, type SseEvent, SseEventTooLarge, SseSplitter } from '@lethe/mcp';
import { backOffMs, sleep } from '@lethe/platform';
import type { Dispatcher } from 'undici';
import type { Lent } from '../passthrough/lent.js';
import type { UpstreamSession } from '../sessions/upstream-session.js';
import { headersOf } from '../sessions/visits.js';
import { type BodyReader, send } from '../upstreams/response-handler.js';
import { upstreamRequest } from '../upstreams/upstream-request.js';
import { type StreamVerdict, streamVerdict } from './stream-failure.js';
import { type Heard, type Questions, UpstreamVoice } from './upstream-voice.js';

const RETRY_MS = { usual: 1_000, least: 50, most: 30_000 } as const;

/** Who listens, and where what is heard goes. */
export interface Listening {
  readonly lent: Lent;
  readonly upstream: UpstreamSession;
  readonly dispatcher: Dispatcher;
  readonly questions: Questions;
  /** Event of the upstream after which it is listened to. */
  readonly after: string | undefined;
  /** Returns false when no more can be taken now. */
  hear(heard: Heard | undefined, eventId: string | undefined): boolean;
  onDrain(resume: () => void): void;
  refuse(id: RpcId): void;
}

/** Keeps the GET stream of one upstream open for as long as its client listens (MCP 2025-11-25, listening for messages). */
export class UpstreamListener {
  private readonly voice: UpstreamVoice;
  private last: string | undefined;
  private retryMs: number | undefined;
  private failures = 0;

  constructor(private readonly listening: Listening) {
    this.voice = new UpstreamVoice(listening.questions);
    this.last = listening.after;
  }

  /**
   * Ends when the upstream will say nothing more here: true when it has forgotten the session.
   * @param onAnswered called when the upstream has answered, if it may still say something
   */
  async run(signal: AbortSignal, onAnswered: () => void): Promise<boolean> {
    while (!signal.aborted) {
      const verdict = await this.connect(signal, onAnswered);
      if (verdict === 'lost' || verdict === 'refused') return verdict === 'lost';
      onAnswered();
      await sleep(this.delayMs(), { signal });
    }
    return false;
  }

  private async connect(signal: AbortSignal, onAnswered: () => void): Promise<StreamVerdict> {
    const { lent, upstream, dispatcher } = this.listening;
    const resumed: [string, string][] = this.last === undefined ? [] : [['last-event-id', this.last]];
    const request = upstreamRequest(lent, 'GET', [...headersOf(upstream), ...resumed], null);
    let verdict: StreamVerdict = 'later';
    this.failures += 1;
    const choose = (...[status, headers]: Parameters<Parameters<typeof send>[2]>): BodyReader => {
      verdict = streamVerdict(status, headers, upstream.id !== undefined);
      if (verdict !== 'open') return IGNORED;
      onAnswered();
      return this.reader();
    };
    // A stream may be silent for as long as it likes.
    await send(dispatcher, { ...request, bodyTimeout: 0 }, choose, signal).catch((error: unknown) => {
      // It would come again each time.
      if (error instanceof SseEventTooLarge) verdict = 'refused';
    });
    return verdict;
  }

  private reader(): BodyReader {
    const splitter = new SseSplitter();
    return {
      data: (chunk) => {
        let isReady = true;
        for (const event of splitter.push(chunk)) isReady = this.take(event);
        return isReady;
      },
      onDrain: (resume) => this.listening.onDrain(resume),
      end: () => undefined,
    };
  }

  private take({ data, id, retryMs }: SseEvent): boolean {
    this.failures = 0;
    this.retryMs = retryMs ?? this.retryMs;
    if (id !== undefined && id !== '') this.last = id;
    const heard = data === undefined || data === '' ? undefined : this.voice.hear(data);
    if (heard?.kind === 'refused') this.listening.refuse(heard.id);
    return this.listening.hear(heard, id);
  }

  private delayMs(): number {
    const firstMs = this.retryMs ?? RETRY_MS.usual;
    return Math.max(RETRY_MS.least, backOffMs(Math.max(0, this.failures - 1), { firstMs, mostMs: RETRY_MS.most }));
  }
}

const IGNORED: BodyReader = { data: () => true, end: () => undefined };
