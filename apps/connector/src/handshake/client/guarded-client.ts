import type { JsonObject } from '@lethe/contracts';
import { guardedConnector } from '@lethe/egress';
import {
  isEventStream,
  isResponseTo,
  messageText,
  responseKind,
  type ResponseKind,
  type RpcId,
  type SseEvent,
  type UpstreamPolicy,
} from '@lethe/mcp';
import { Agent, type buildConnector, type Dispatcher, request } from 'undici';
import { answerIn, ByteBudget, readEvents, readStreamedResponse, readText } from './response-body.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { HANDSHAKE_LIMITS } from '../outcome/limits.js';
import { failureOf } from './network-error.js';
import { failureOfStatus } from './http-status.js';
import { decodedBody, discard, dropUnexpected } from './response-head.js';
import { type OutgoingMessage, outgoingOf, toSdkResponse } from './sdk-messages.js';

/** The only URL that may be requested, and the headers and limits of every request. */
export interface ClientTarget {
  url: string;
  policy: UpstreamPolicy;
  tlsCa?: string;
  timeoutMs: number;
  /** Headers with the credential. They are set last, on every request. */
  credentialHeaders: Readonly<Record<string, string>>;
  /** Called before each request is sent, so that the requests of a killed process are counted too. */
  onRequest?: (count: number) => void;
  /** Replaces the connector that checks addresses; used by the warm-up only. */
  connect?: buildConnector.connector;
}

/** The last JSON-RPC response as it was received. The SDKs drop members that they do not know. */
export interface UpstreamResponse {
  httpStatus: number;
  message: JsonObject | undefined;
}

type Method = 'GET' | 'POST' | 'DELETE';

/** The event stream on which a server of the HTTP+SSE transport responds. */
export interface OpenStream {
  events: AsyncIterable<SseEvent>;
  close(): void;
}

/**
 * The only way to the network in the one-shot process: a `fetch` for the SDK transports. It requests one URL over
 * HTTP/1.1, connects to allowed addresses only, follows no redirect and reads a bounded number of bytes, also of a body that
 * has to be decoded. It reads responses by the same rules as calls do (`responseKind`). Every response reaches the SDK as one JSON body. For the HTTP+SSE transport it also opens the event stream,
 * and posts to the endpoint that the stream names if that has the same origin.
 */
export class GuardedClient {
  requests = 0;
  /** The first failure. What the SDKs throw because of it says less. */
  failure: HandshakeFailure | undefined;
  lastResponse: UpstreamResponse | undefined;
  private readonly budget = new ByteBudget();
  private readonly agent: Agent;

  constructor(
    private readonly target: ClientTarget,
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
    if (new URL(url).href !== new URL(this.target.url).href)
      throw this.recordFailure(new HandshakeFailure('address_forbidden'));
    // Lists can be read without the stream for messages that the server sends by itself.
    if (init.method === 'GET') return new Response(null, { status: 405 });
    if (init.method === 'DELETE') return this.deleteSession(init);
    try {
      return await this.post(init);
    } catch (error) {
      throw this.recordFailure(this.failureOf(error));
    }
  };

  /** Opens the URL as an event stream; `undefined` if the response is something else. */
  async openStream(): Promise<OpenStream | undefined> {
    try {
      const response = await this.sendCounted('GET', this.target.url, { headers: { accept: 'text/event-stream' } });
      if (response.statusCode === 200 && isEventStream(response.headers)) {
        return { events: readEvents(decodedBody(response), this.budget), close: () => discard(response) };
      }
      discard(response);
      return undefined;
    } catch (error) {
      throw this.recordFailure(this.failureOf(error));
    }
  }

  /**
   * Posts one message to the endpoint that the stream named. The response arrives on the stream.
   * https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse
   */
  async postTo(endpoint: URL, body: string): Promise<void> {
    try {
      if (endpoint.origin !== new URL(this.target.url).origin) throw new HandshakeFailure('address_forbidden');
      const headers = { 'content-type': 'application/json' };
      const response = await this.sendCounted('POST', endpoint.href, { headers, body });
      dropUnexpected(response);
      const { statusCode: httpStatus } = response;
      if (httpStatus >= 400) throw new HandshakeFailure('upstream_http_error', { httpStatus });
    } catch (error) {
      throw this.recordFailure(this.failureOf(error));
    }
  }

  /** Keeps the first failure and returns it. */
  recordFailure(failure: HandshakeFailure): HandshakeFailure {
    this.failure ??= failure;
    return this.failure;
  }

  async destroy(): Promise<void> {
    await this.agent.destroy();
  }

  private failureOf(error: unknown): HandshakeFailure {
    return this.signal.aborted ? new HandshakeFailure('upstream_timeout') : failureOf(error);
  }

  private async post(init: RequestInit): Promise<Response> {
    const outgoing = outgoingOf(init.body);
    return this.toResponse(await this.sendCounted('POST', this.target.url, init), outgoing);
  }

  /**
   * Sends a request within the limit of requests.
   * @throws HandshakeFailure if there were too many requests, or if the status alone means failure
   */
  private async sendCounted(method: Method, url: string, init: RequestInit): Promise<Dispatcher.ResponseData> {
    if (this.requests >= HANDSHAKE_LIMITS.maxRequests) throw new HandshakeFailure('upstream_too_large');
    const response = await this.send(method, url, init, this.signal);
    const failure = failureOfStatus(response.statusCode);
    if (failure === undefined) return response;
    discard(response);
    throw failure;
  }

  private async toResponse(response: Dispatcher.ResponseData, { id }: OutgoingMessage): Promise<Response> {
    if (id === undefined) {
      dropUnexpected(response);
      return toSdkResponse(response, id, undefined);
    }
    const kind = responseKind(response.statusCode, response.headers);
    const text = await this.readBody(response, kind, id);
    const message = answerIn(text, kind, id);
    this.lastResponse = { httpStatus: response.statusCode, message };
    return toSdkResponse(response, id, isResponseTo(id, message) ? text : undefined);
  }

  private async readBody(response: Dispatcher.ResponseData, kind: ResponseKind, id: RpcId): Promise<string> {
    const count = this.budget.startResponse();
    try {
      if (kind === 'other') return '';
      const body = decodedBody(response);
      if (kind === 'event-stream') return await readStreamedResponse(body, id, count);
      return messageText(await readText(body, count));
    } finally {
      discard(response);
    }
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

  /** Ends a legacy session. A failure here changes nothing: the catalogue has been read already. */
  private async deleteSession(init: RequestInit): Promise<Response> {
    try {
      const limit = AbortSignal.timeout(HANDSHAKE_LIMITS.closeTimeoutMs);
      const response = await this.send('DELETE', this.target.url, init, AbortSignal.any([this.signal, limit]));
      discard(response);
    } catch {
      // The upstream drops the session by itself.
    }
    return new Response(null, { status: 200 });
  }
}
