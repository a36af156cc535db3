import type { JsonObject, JsonValue } from '@lethe/contracts';
import {
  editObject,
  encodeNotification,
  encodeRequest,
  isIdOf,
  isObject,
  isRpcId,
  parseJson,
  type RpcId,
} from '@lethe/mcp';
import { type LetheError, withTimeout, ConcurrencyLimit } from '@lethe/platform';
import type { Dispatcher } from 'undici';
import type { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import { LOCAL_RESPONSES_AT_ONCE, localResponse } from '../../protocol/local-response.js';
import { sendBuffered } from '../buffered-request.js';
import type { ReadingPace } from '../paced-reader.js';
import { upstreamFailed } from '../upstream-errors.js';
import { type ConnectionPools, upstreamRequest } from '../upstream-client.js';
import { HttpSseStream } from './stream.js';

/** The content of `initialize`. */
export interface ClientIntroduction {
  readonly version: string;
  readonly clientInfo: JsonObject;
}

/** Handles the notifications of an upstream. */
export interface NotificationHandler {
  /** Returns false if the client reads too slowly. */
  notification(json: string): boolean;
  onDrain(resume: () => void): void;
  readonly pace?: ReadingPace;
}

/**
 * One HTTP+SSE connection for one request of a client, with that request's credentials; nothing of it is shared.
 * https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse
 */
export class HttpSseConnection {
  private readonly dispatcher: Dispatcher;
  private readonly stepMs: number;
  private readonly stream: HttpSseStream;
  private readonly endpoint = Promise.withResolvers<URL>();
  private readonly pending = new Map<RpcId, (json: string) => void>();
  private readonly localResponses = new ConcurrencyLimit(LOCAL_RESPONSES_AT_ONCE);

  constructor(
    pools: ConnectionPools,
    private readonly credentials: UpstreamCredentials,
    private readonly handler: NotificationHandler,
    /** The caller's trace headers, sent beside its credentials. */
    private readonly headers: readonly (readonly [string, string])[],
    signal?: AbortSignal,
  ) {
    const listener = {
      endpoint: (data: string) => this.onEndpoint(data),
      message: (message: JsonObject, json: string) => this.onMessage(message, json),
      onDrain: (resume: () => void) => handler.onDrain(resume),
    };
    this.dispatcher = pools.of(credentials.access.gateway.target);
    this.stepMs = pools.timing.sseStepMs;
    this.stream = new HttpSseStream(this.dispatcher, credentials, listener, signal, handler.pace);
    this.endpoint.promise.catch(() => undefined);
  }

  /** Waits for the endpoint event and initializes. The client's capabilities are not forwarded. */
  async initialize({ version, clientInfo }: ClientIntroduction): Promise<void> {
    const tooLong = (): LetheError => upstreamFailed(this.credentials.access, 'sse_endpoint');
    await withTimeout(this.stepMs, Promise.race([this.endpoint.promise, this.stream.over]), tooLong);
    const params = { protocolVersion: version, capabilities: {}, clientInfo };
    const response = this.request('initialize', encodeRequest('initialize', 'initialize', params));
    const json = await withTimeout(this.stepMs, response, () => upstreamFailed(this.credentials.access, 'initialize'));
    if (!hasResult(json)) throw upstreamFailed(this.credentials.access, 'initialize');
    await this.post(encodeNotification('notifications/initialized'));
  }

  /**
   * Sends one request and resolves with the JSON of the response.
   * @throws LetheError about the upstream; Aborted when the connection was closed
   */
  async request(id: RpcId, body: Buffer): Promise<string> {
    const response = new Promise<string>((resolve) => this.pending.set(id, resolve));
    try {
      await this.post(body);
      return await Promise.race([response, this.stream.over]);
    } finally {
      this.pending.delete(id);
    }
  }

  close(): void {
    this.stream.close();
  }

  private async post(body: Buffer): Promise<void> {
    const endpoint = await this.endpoint.promise;
    const { credentials } = this;
    const request = {
      ...upstreamRequest(credentials, 'POST', this.headers, body),
      path: pathWith(endpoint, credentials.query),
    };
    await sendBuffered(this.dispatcher, this.credentials, request, { timeoutMs: this.stepMs });
  }

  private onEndpoint(data: string): void {
    const url = endpointUrl(data, this.credentials);
    if (url === undefined) this.endpoint.reject(upstreamFailed(this.credentials.access, 'sse_endpoint'));
    else this.endpoint.resolve(url);
  }

  private onMessage({ id, method }: JsonObject, json: string): boolean {
    if (typeof method !== 'string') {
      this.onResponse(id, json);
      return true;
    }
    if (id === undefined) return this.handler.notification(json);
    // No client capability was forwarded, so that no request of the upstream reaches the client.
    if (isRpcId(id)) this.localResponses.begin(this, () => this.post(localResponse(id, method)));
    return true;
  }

  private onResponse(given: JsonValue | undefined, json: string): void {
    for (const [id, resolve] of this.pending) {
      if (isIdOf(given, id)) resolve(given === id ? json : editObject(json, { id: JSON.stringify(id) }));
    }
  }
}

function hasResult(json: string): boolean {
  const message = parseJson(json);
  return isObject(message) && isObject(message['result']);
}

/** Undefined for another origin, to which no credential may be sent. */
function endpointUrl(data: string, { access }: UpstreamCredentials): URL | undefined {
  const { origin, path } = access.gateway.target;
  const base = new URL(path, origin);
  if (!URL.canParse(data, base)) return undefined;
  const url = new URL(data, base);
  return url.origin === origin ? url : undefined;
}

/** @param query of the credentials as they are now: a kept one may have been replaced since the event */
function pathWith({ pathname, search }: URL, query: string): string {
  const both = [search.slice(1), query].filter((part) => part !== '').join('&');
  return both === '' ? pathname : `${pathname}?${both}`;
}
