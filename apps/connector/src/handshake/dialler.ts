import type { JsonObject } from '@lethe/contracts';
import { guardedConnector } from '@lethe/egress';
import { isObject, parseJson, type SseEvent, type UpstreamPolicy } from '@lethe/mcp';
import { Agent, type buildConnector, type Dispatcher, request } from 'undici';
import { ByteBudget, decodeAnswer, isAnswerTo, readEvents, readStreamedAnswer, readText } from './answer.js';
import { HandshakeFailure } from './handshake-failure.js';
import { HANDSHAKE_LIMITS } from './limits.js';
import { failureOf } from './network-error.js';
import { failureOfStatus } from './status.js';

/** The one URL that may be dialled, and what goes along with every request. */
export interface DialTarget {
  url: string;
  policy: UpstreamPolicy;
  tlsCa?: string;
  timeoutMs: number;
  /** Headers that carry the credential; set last, on every request. */
  credentialHeaders: Readonly<Record<string, string>>;
  /** Told at each request, so that a killed child's requests are counted too. */
  onRequest?: (count: number) => void;
  /** Instead of the guarded one. */
  connect?: buildConnector.connector;
}

/** What the upstream answered last, as it came: the SDKs drop members they do not know. */
export interface Answer {
  httpStatus: number;
  message: JsonObject | undefined;
}

interface Outgoing {
  /** Missing in notifications. */
  id?: string | number;
}

type Method = 'GET' | 'POST' | 'DELETE';

/** The stream by which a server of the HTTP+SSE transport answers. */
export interface OpenStream {
  events: AsyncIterable<SseEvent>;
  close(): void;
}

/**
 * The only way out of the child: a `fetch` for the SDK transports that dials one URL, over HTTP/1.1, at allowed addresses,
 * never follows a redirect, takes no encoded body, and reads within bounds. Every answer becomes one JSON body. For the
 * HTTP+SSE transport also the URL's stream, and the endpoint that it names when that is of the same origin.
 */
export class Dialler {
  requests = 0;
  /** The first failure; what the SDKs throw because of it says less. */
  failure: HandshakeFailure | undefined;
  lastAnswer: Answer | undefined;
  private readonly budget = new ByteBudget();
  private readonly agent: Agent;

  constructor(
    private readonly target: DialTarget,
    private readonly signal: AbortSignal,
  ) {
    this.agent = new Agent({
      connect: target.connect ?? guardedConnector({ ...target, resumesTls: false }),
      connections: 2,
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: HANDSHAKE_LIMITS.maxHeaderBytes,
      headersTimeout: target.timeoutMs,
      bodyTimeout: target.timeoutMs,
    });
  }

  get origins(): string[] {
    return this.requests === 0 ? [] : [new URL(this.target.url).origin];
  }

  readonly fetch = async (url: string | URL, init: RequestInit = {}): Promise<Response> => {
    if (new URL(url).href !== new URL(this.target.url).href) throw this.note(new HandshakeFailure('address_forbidden'));
    // The streams by which a server speaks unasked are not needed to read lists.
    if (init.method === 'GET') return new Response(null, { status: 405 });
    if (init.method === 'DELETE') return this.close(init);
    try {
      return await this.exchange(init);
    } catch (error) {
      throw this.note(this.failureOf(error));
    }
  };

  /** Opens the URL as a stream of events; `undefined` when it answers, but with something else. */
  async openStream(): Promise<OpenStream | undefined> {
    try {
      const reply = await this.sendAllowed('GET', this.target.url, { headers: { accept: 'text/event-stream' } });
      if (reply.statusCode === 200 && isEventStream(reply) && !isEncoded(reply)) {
        return { events: readEvents(reply.body, this.budget), close: () => discard(reply) };
      }
      discard(reply);
      return undefined;
    } catch (error) {
      throw this.note(this.failureOf(error));
    }
  }

  /**
   * Posts one message to the endpoint that the stream named; what it means is answered on the stream.
   * https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse
   */
  async postTo(endpoint: URL, body: string): Promise<void> {
    try {
      if (endpoint.origin !== new URL(this.target.url).origin) throw new HandshakeFailure('address_forbidden');
      const headers = { 'content-type': 'application/json' };
      const reply = await this.sendAllowed('POST', endpoint.href, { headers, body });
      void reply.body.dump().catch(() => undefined);
      const { statusCode: httpStatus } = reply;
      if (httpStatus >= 400) throw new HandshakeFailure('upstream_http_error', { httpStatus });
    } catch (error) {
      throw this.note(this.failureOf(error));
    }
  }

  /** Keeps the first failure. */
  note(failure: HandshakeFailure): HandshakeFailure {
    this.failure ??= failure;
    return this.failure;
  }

  async end(): Promise<void> {
    await this.agent.destroy();
  }

  private failureOf(error: unknown): HandshakeFailure {
    return this.signal.aborted ? new HandshakeFailure('upstream_timeout') : failureOf(error);
  }

  private async exchange(init: RequestInit): Promise<Response> {
    const outgoing = outgoingOf(init.body);
    return this.toResponse(await this.sendAllowed('POST', this.target.url, init), outgoing);
  }

  /** Sends while there may be more requests; a status that is a failure by itself is thrown as one. */
  private async sendAllowed(method: Method, url: string, init: RequestInit): Promise<Dispatcher.ResponseData> {
    if (this.requests >= HANDSHAKE_LIMITS.maxRequests) throw new HandshakeFailure('upstream_too_large');
    const reply = await this.send(method, url, init, this.signal);
    const failure = failureOfStatus(reply.statusCode);
    if (failure === undefined) return reply;
    discard(reply);
    throw failure;
  }

  private async toResponse(reply: Dispatcher.ResponseData, outgoing: Outgoing): Promise<Response> {
    if (isEncoded(reply)) {
      discard(reply);
      throw new HandshakeFailure('upstream_protocol_error');
    }
    const count = this.budget.answer();
    const text =
      isEventStream(reply) && outgoing.id !== undefined
        ? await readStreamedAnswer(reply.body, outgoing.id, count)
        : await readText(reply.body, count);
    const message = decodeAnswer(text);
    if (outgoing.id !== undefined) this.lastAnswer = { httpStatus: reply.statusCode, message };
    return responseOf(reply, outgoing, isAnswerTo(outgoing.id, message) ? text : undefined);
  }

  private send(method: Method, url: string, init: RequestInit, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    this.requests += 1;
    this.target.onRequest?.(this.requests);
    return request(url, {
      dispatcher: this.agent,
      method,
      headers: {
        ...Object.fromEntries(new Headers(init.headers)),
        'accept-encoding': 'identity',
        'user-agent': 'lethe-connector',
        ...this.target.credentialHeaders,
      },
      body: typeof init.body === 'string' ? init.body : null,
      signal,
    });
  }

  /** Ends a legacy session. Whatever happens, the catalogue is there already. */
  private async close(init: RequestInit): Promise<Response> {
    try {
      const limit = AbortSignal.timeout(HANDSHAKE_LIMITS.closeTimeoutMs);
      const reply = await this.send('DELETE', this.target.url, init, AbortSignal.any([this.signal, limit]));
      discard(reply);
    } catch {
      // The upstream forgets the session by itself.
    }
    return new Response(null, { status: 200 });
  }
}

function outgoingOf(body: RequestInit['body']): Outgoing {
  const message = typeof body === 'string' ? parseJson(body) : undefined;
  if (!isObject(message)) return {};
  const { id } = message;
  return typeof id === 'string' || typeof id === 'number' ? { id } : {};
}

/** A body that is cut off says so with an error that concerns nobody. */
function discard(reply: Dispatcher.ResponseData): void {
  reply.body.on('error', () => undefined).destroy();
}

function isEventStream(reply: Dispatcher.ResponseData): boolean {
  return /^text\/event-stream\s*(;|$)/i.test(headerOf(reply, 'content-type') ?? '');
}

function isEncoded(reply: Dispatcher.ResponseData): boolean {
  return (headerOf(reply, 'content-encoding') ?? 'identity') !== 'identity';
}

function headerOf(reply: Dispatcher.ResponseData, name: string): string | undefined {
  const value = reply.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** What the SDK sees: the answer as plain JSON, the session id, and nothing else of the upstream. */
function responseOf(reply: Dispatcher.ResponseData, outgoing: Outgoing, answer: string | undefined): Response {
  const headers = new Headers();
  const session = headerOf(reply, 'mcp-session-id');
  if (session !== undefined) headers.set('mcp-session-id', session);
  const isFine = reply.statusCode < 400;
  if (outgoing.id === undefined) return new Response(null, { status: isFine ? 202 : reply.statusCode, headers });
  headers.set('content-type', answer === undefined ? 'text/plain' : 'application/json');
  return new Response(answer ?? '', { status: isFine ? 200 : reply.statusCode, headers });
}
