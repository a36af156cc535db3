import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '@lethe/contracts';
import { eventMessage, hasRepeatedMember, isObject, parseJson, SseSplitter } from '@lethe/mcp';
import type { Dispatcher } from 'undici';
import type { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import { assertEventStream } from '../response-head.js';
import type { BodyReader } from '../body-reader.js';
import { PacedReader, type ReadingPace } from '../paced-reader.js';
import { Aborted, sendRequest } from '../response-handler.js';
import { upstreamError, upstreamFailed } from '../upstream-errors.js';
import { upstreamRequest } from '../upstream-client.js';

/** Handles the events of the stream. */
export interface HttpSseListener {
  /** The first event: the address for messages to the upstream. */
  endpoint(data: string): void;
  /** One message. Returns false if the client reads too slowly. */
  message(message: JsonObject, json: string): boolean;
  onDrain(resume: () => void): void;
}

/** The event stream of the HTTP+SSE transport, read message by message. */
export class HttpSseStream implements BodyReader {
  /** Never resolves. Rejects at the end of the stream: with a LetheError, or with Aborted when this side ended it. */
  readonly over: Promise<never>;
  private readonly splitter = new SseSplitter();
  private readonly closing = new AbortController();
  private hasEndpoint = false;

  constructor(
    dispatcher: Dispatcher,
    private readonly credentials: UpstreamCredentials,
    private readonly listener: HttpSseListener,
    signal: AbortSignal | undefined,
    private readonly pace?: ReadingPace,
  ) {
    const request = upstreamRequest(credentials, 'GET', [], null);
    const either = signal ? AbortSignal.any([signal, this.closing.signal]) : this.closing.signal;
    this.over = this.follow(
      sendRequest(dispatcher, request, (status, headers) => this.choose(status, headers), either),
    );
    // Callers that wait for a response race it against `over` and see the rejection there.
    this.over.catch(() => undefined);
  }

  close(): void {
    this.closing.abort();
  }

  data(chunk: Buffer): boolean {
    let isReady = true;
    for (const event of this.splitter.push(chunk)) {
      if (event.data === undefined) continue;
      if (this.hasEndpoint) isReady = this.deliver(eventMessage(event) ?? '') && isReady;
      else if (event.event !== 'endpoint') throw upstreamFailed(this.credentials.access, 'sse_endpoint');
      else this.listener.endpoint(event.data);
      this.hasEndpoint = true;
    }
    return isReady;
  }

  onDrain(resume: () => void): void {
    this.listener.onDrain(resume);
  }

  end(): void {
    throw upstreamFailed(this.credentials.access, 'closed_early');
  }

  private deliver(json: string): boolean {
    const message = parseJson(json);
    return !isObject(message) || hasRepeatedMember(json) || this.listener.message(message, json);
  }

  private choose(status: number, headers: IncomingHttpHeaders): BodyReader {
    assertEventStream(this.credentials, status, headers);
    return this.pace ? new PacedReader(this, this.pace) : this;
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
