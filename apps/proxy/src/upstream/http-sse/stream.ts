import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '@lethe/contracts';
import { isObject, parseJson, SseSplitter } from '@lethe/mcp';
import type { Dispatcher } from 'undici';
import type { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import { assertEventStream } from '../response-head.js';
import { Aborted, type BodyReader, sendRequest } from '../response-handler.js';
import { upstreamError, upstreamFailed } from '../upstream-errors.js';
import { upstreamRequest } from '../upstream-request.js';

/** What is done with what an upstream says. */
export interface HttpSseListener {
  /** The first event: where messages are posted. */
  endpoint(data: string): void;
  /** One message; false when no more can be taken now. */
  message(message: JsonObject, json: string): boolean;
  onDrain(resume: () => void): void;
}

/** The stream of the HTTP+SSE transport, read message by message. */
export class HttpSseStream implements BodyReader {
  /** Rejects when the stream is over, with a LetheError, or Aborted when this side ended it. Never resolves. */
  readonly over: Promise<never>;
  private readonly splitter = new SseSplitter();
  private readonly closing = new AbortController();
  private isNamed = false;

  constructor(
    dispatcher: Dispatcher,
    private readonly credentials: UpstreamCredentials,
    private readonly listener: HttpSseListener,
    signal: AbortSignal | undefined,
  ) {
    const request = upstreamRequest(credentials, 'GET', [], null);
    const either = signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
    this.over = this.follow(
      sendRequest(dispatcher, request, (status, headers) => this.choose(status, headers), either),
    );
    // Whoever waits for something on the stream hears of its end there.
    this.over.catch(() => undefined);
  }

  close(): void {
    this.closing.abort();
  }

  data(chunk: Buffer): boolean {
    let isReady = true;
    for (const { event, data } of this.splitter.push(chunk)) {
      if (data === undefined) continue;
      if (this.isNamed) isReady = this.take(data) && isReady;
      else if (event !== 'endpoint') throw upstreamFailed(this.credentials.access, 'sse_endpoint');
      else this.listener.endpoint(data);
      this.isNamed = true;
    }
    return isReady;
  }

  onDrain(resume: () => void): void {
    this.listener.onDrain(resume);
  }

  end(): void {
    throw upstreamFailed(this.credentials.access, 'closed_early');
  }

  private take(json: string): boolean {
    const message = parseJson(json);
    return !isObject(message) || this.listener.message(message, json);
  }

  private choose(status: number, headers: IncomingHttpHeaders): BodyReader {
    assertEventStream(this.credentials.access, status, headers);
    return this;
  }

  private async follow(sent: Promise<void>): Promise<never> {
    try {
      await sent;
    } catch (error) {
      throw error instanceof Aborted ? error : upstreamError(this.credentials.access, error);
    }
    throw upstreamFailed(this.credentials.access, 'closed_early');
  }
}
