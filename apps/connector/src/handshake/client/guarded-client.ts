import type { JsonObject } from '@lethe/contracts';
import {
  isEventStream,
  isResponseTo,
  messageText,
  responseKind,
  type ResponseKind,
  type RpcId,
  type SseEvent,
} from '@lethe/mcp';
import type { Dispatcher } from 'undici';
import { answerIn, ByteBudget, readEvents, readStreamedResponse, readText } from './response-body.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { HANDSHAKE_LIMITS } from '../outcome/limits.js';
import type { HandshakeConnections, Method } from './handshake-connections.js';
import { failureOf } from './network-error.js';
import { failureOfResponse } from './http-status.js';
import { decodedBody, discard, dropUnexpected, headerOf } from './response-head.js';
import { type OutgoingMessage, outgoingOf, toSdkResponse } from './sdk-messages.js';

/** The last JSON-RPC response as it was received. The SDKs drop members that they do not know. */
export interface UpstreamResponse {
  httpStatus: number;
  message: JsonObject | undefined;
}

/** The outcome of a server's request: its `result` or `error`. */
export type RespondToServer = (method: string) => JsonObject;

/** The event stream on which a server of the HTTP+SSE transport responds. */
export interface OpenStream {
  events: AsyncIterable<SseEvent>;
  close(): void;
}

/**
 * The only way to the network in the one-shot process: a `fetch` for the SDK transports, for one visit. It requests one
 * URL over HTTP/1.1, connects to allowed addresses only, follows no redirect and reads a bounded number of bytes, also of
 * a body that has to be decoded. It reads responses by the same rules as calls do (`responseKind`). Every response reaches
 * the SDK as one JSON body. For the HTTP+SSE transport it also opens the event stream,
 * and posts to the endpoint that the stream names if that has the same origin.
 */
export class GuardedClient {
  /** The first failure. What the SDKs throw because of it says less. */
  failure: HandshakeFailure | undefined;
  lastResponse: UpstreamResponse | undefined;
  /** Responds to a request that the server sends on the stream of a response; without it such requests are ignored. */
  onServerRequest: RespondToServer | undefined;
  private readonly budget = new ByteBudget();
  private requests = 0;
  private serverRequests = 0;

  constructor(
    private readonly connections: HandshakeConnections,
    /** Ends the visit, at the latest with the handshake. */
    private readonly signal: AbortSignal,
  ) {}

  readonly fetch = async (url: string | URL, init: RequestInit = {}): Promise<Response> => {
    if (new URL(url).href !== new URL(this.connections.url).href)
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
      const response = await this.sendCounted('GET', this.connections.url, {
        headers: { accept: 'text/event-stream' },
      });
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
      if (endpoint.origin !== new URL(this.connections.url).origin) throw new HandshakeFailure('address_forbidden');
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

  private failureOf(error: unknown): HandshakeFailure {
    return this.signal.aborted ? new HandshakeFailure('upstream_timeout') : failureOf(error);
  }

  private async post(init: RequestInit): Promise<Response> {
    const outgoing = outgoingOf(init.body);
    const response = await this.sendCounted('POST', this.connections.url, init);
    return this.toResponse(response, outgoing, (message) => this.respondTo(message, init));
  }

  /**
   * Sends a request within the limit of requests.
   * @throws HandshakeFailure if there were too many requests, or if the status alone means failure
   */
  private async sendCounted(method: Method, url: string, init: RequestInit): Promise<Dispatcher.ResponseData> {
    if (this.requests >= HANDSHAKE_LIMITS.maxRequests) throw new HandshakeFailure('upstream_too_large');
    this.requests += 1;
    const response = await this.connections.send(method, url, init, this.signal);
    const failure = failureOfResponse({
      httpStatus: response.statusCode,
      headers: response.headers,
      url: url === this.connections.url ? url : undefined,
      hasCredential: this.connections.hasCredential,
      challenge: headerOf(response, 'www-authenticate'),
    });
    if (failure === undefined) return response;
    discard(response);
    throw failure;
  }

  private async toResponse(
    response: Dispatcher.ResponseData,
    { id }: OutgoingMessage,
    onOther: (message: JsonObject) => void,
  ): Promise<Response> {
    if (id === undefined) {
      dropUnexpected(response);
      return toSdkResponse(response, id, undefined);
    }
    const kind = responseKind(response.statusCode, response.headers);
    const text = await this.readBody(response, kind, id, onOther);
    const message = answerIn(text, kind, id);
    this.lastResponse = { httpStatus: response.statusCode, message };
    return toSdkResponse(response, id, isResponseTo(id, message) ? text : undefined);
  }

  private async readBody(
    response: Dispatcher.ResponseData,
    kind: ResponseKind,
    id: RpcId,
    onOther: (message: JsonObject) => void,
  ): Promise<string> {
    const count = this.budget.startResponse();
    try {
      if (kind === 'other') return '';
      const body = decodedBody(response);
      if (kind === 'event-stream') return await readStreamedResponse(body, id, count, onOther);
      return messageText(await readText(body, count));
    } finally {
      discard(response);
    }
  }

  /** In the session of the request on whose stream the message arrived. If it fails, the server gets no response. */
  private respondTo({ id, method }: JsonObject, { headers = {} }: RequestInit): void {
    const isRequest = (typeof id === 'string' || typeof id === 'number') && typeof method === 'string';
    if (!isRequest || !this.onServerRequest || this.serverRequests >= HANDSHAKE_LIMITS.maxServerRequests) return;
    this.serverRequests += 1;
    const body = JSON.stringify({ jsonrpc: '2.0', id, ...this.onServerRequest(method) });
    this.connections
      .send('POST', this.connections.url, { headers, body }, this.signal)
      .then(dropUnexpected, () => undefined);
  }

  /** Ends a legacy session. A failure here changes nothing: the catalogue has been read already. */
  private async deleteSession(init: RequestInit): Promise<Response> {
    try {
      const limit = AbortSignal.timeout(HANDSHAKE_LIMITS.closeTimeoutMs);
      // A visit that was given up ends its session too.
      const signal = AbortSignal.any([this.connections.deadline, limit]);
      const response = await this.connections.send('DELETE', this.connections.url, init, signal);
      discard(response);
    } catch {
      // The upstream drops the session by itself.
    }
    return new Response(null, { status: 200 });
  }
}
