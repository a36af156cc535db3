import type { JsonObject } from '@lethe/contracts';
import type { UpstreamPolicy } from '@lethe/mcp';
import { Agent, request, type Dispatcher } from 'undici';
import { ByteBudget, decodeAnswer, isAnswerTo, readStreamedAnswer, readText } from './answer.js';
import { guardedConnector } from './guarded-connector.js';
import { HandshakeFailure } from './handshake-failure.js';
import { isObject, parseJson } from './json.js';
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

/**
 * The only way out of the child: a `fetch` for the SDK transports that dials one URL, over HTTP/1.1, at allowed addresses,
 * never follows a redirect, takes no encoded body, and reads within bounds. Every answer becomes one JSON body.
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
      connect: guardedConnector({ ...target, tlsCa: target.tlsCa }),
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
      throw this.note(this.signal.aborted ? new HandshakeFailure('upstream_timeout') : failureOf(error));
    }
  };

  async end(): Promise<void> {
    await this.agent.destroy();
  }

  private note(failure: HandshakeFailure): HandshakeFailure {
    this.failure ??= failure;
    return this.failure;
  }

  private async exchange(init: RequestInit): Promise<Response> {
    if (this.requests >= HANDSHAKE_LIMITS.maxRequests) throw new HandshakeFailure('upstream_too_large');
    const outgoing = outgoingOf(init.body);
    const reply = await this.send(init, this.signal);
    const failure = failureOfStatus(reply.statusCode);
    if (failure !== undefined) {
      discard(reply);
      throw failure;
    }
    return this.toResponse(reply, outgoing);
  }

  private async toResponse(reply: Dispatcher.ResponseData, outgoing: Outgoing): Promise<Response> {
    const encoding = headerOf(reply, 'content-encoding');
    if (encoding !== undefined && encoding !== 'identity') {
      discard(reply);
      throw new HandshakeFailure('upstream_protocol_error');
    }
    const count = this.budget.answer();
    const isStream = /^text\/event-stream\s*(;|$)/i.test(headerOf(reply, 'content-type') ?? '');
    const text =
      isStream && outgoing.id !== undefined
        ? await readStreamedAnswer(reply.body, outgoing.id, count)
        : await readText(reply.body, count);
    const message = decodeAnswer(text);
    if (outgoing.id !== undefined) this.lastAnswer = { httpStatus: reply.statusCode, message };
    return responseOf(reply, outgoing, isAnswerTo(outgoing.id, message) ? text : undefined);
  }

  private send(init: RequestInit, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    this.requests += 1;
    this.target.onRequest?.(this.requests);
    return request(this.target.url, {
      dispatcher: this.agent,
      method: init.method === 'DELETE' ? 'DELETE' : 'POST',
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
      const reply = await this.send(init, AbortSignal.any([this.signal, limit]));
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
