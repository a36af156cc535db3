import type { JsonObject } from '@lethe/contracts';
import {
  encodeMethodNotFound,
  encodeNotification,
  encodePong,
  encodeRequest,
  isObject,
  parseJson,
  type RpcId,
} from '@lethe/mcp';
import { ConcurrencyLimit, type LetheError, withTimeout } from '@lethe/platform';
import type { Dispatcher } from 'undici';
import type { Lent } from '../passthrough/lent.js';
import { exchangeShortly } from '../upstreams/short-exchange.js';
import { networkFailure, statusFailure, upstreamFailed } from '../upstreams/upstream-failure.js';
import { upstreamRequest } from '../upstreams/upstream-request.js';
import { SseStream } from './sse-stream.js';

/** How long each step of opening may take: the endpoint's event, the answer to `initialize`, any POST. */
export const STEP_TIMEOUT_MS = 5_000;

/** Questions of an upstream that are answered at the same time; those beyond are left without an answer. */
const ANSWERS_AT_ONCE = 8;

/** As whom an upstream is addressed. */
export interface Introduction {
  readonly version: string;
  readonly clientInfo: JsonObject;
}

/** Where the notifications of an upstream go. */
export interface Notified {
  /** False when no more can be taken now. */
  notification(json: string): boolean;
  onDrain(resume: () => void): void;
}

/**
 * One conversation over HTTP+SSE, for one request of a client and with its credentials: nothing of it is shared.
 * https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse
 */
export class SseConnection {
  private readonly stream: SseStream;
  private readonly endpoint = Promise.withResolvers<string>();
  private readonly awaited = new Map<RpcId, (json: string) => void>();
  private readonly answers = new ConcurrencyLimit(ANSWERS_AT_ONCE);

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly lent: Lent,
    private readonly notified: Notified,
    /** Beside those that are lent: the caller's trace. */
    private readonly headers: readonly (readonly [string, string])[],
    signal?: AbortSignal,
  ) {
    const listener = {
      endpoint: (data: string) => this.named(data),
      message: (message: Record<string, unknown>, json: string) => this.heard(message, json),
      onDrain: (resume: () => void) => notified.onDrain(resume),
    };
    this.stream = new SseStream(dispatcher, lent, listener, signal);
    this.endpoint.promise.catch(() => undefined);
  }

  /** Waits for the endpoint and initializes; nothing is offered that the upstream could ask of the client. */
  async initialize({ version, clientInfo }: Introduction): Promise<void> {
    const tooLong = (): LetheError => upstreamFailed(this.lent.grant, 'sse_endpoint');
    await withTimeout(STEP_TIMEOUT_MS, Promise.race([this.endpoint.promise, this.stream.over]), tooLong);
    const params = { protocolVersion: version, capabilities: {}, clientInfo };
    const asked = this.ask('initialize', encodeRequest('initialize', 'initialize', params));
    const answer = await withTimeout(STEP_TIMEOUT_MS, asked, () => upstreamFailed(this.lent.grant, 'initialize'));
    if (!hasResult(answer)) throw upstreamFailed(this.lent.grant, 'initialize');
    await this.post(encodeNotification('notifications/initialized'));
  }

  /**
   * The JSON of the response to one request.
   * @throws LetheError about the upstream; Aborted when the connection was closed
   */
  async ask(id: RpcId, body: Buffer): Promise<string> {
    const answer = new Promise<string>((resolve) => this.awaited.set(id, resolve));
    try {
      await this.post(body);
      return await Promise.race([answer, this.stream.over]);
    } finally {
      this.awaited.delete(id);
    }
  }

  close(): void {
    this.stream.close();
  }

  private async post(body: Buffer): Promise<void> {
    const { grant } = this.lent;
    const request = { ...upstreamRequest(this.lent, 'POST', this.headers, body), path: await this.endpoint.promise };
    const { status, headers } = await exchangeShortly(this.dispatcher, request, STEP_TIMEOUT_MS).catch(
      (error: unknown) => {
        throw networkFailure(grant, error);
      },
    );
    if (status < 200 || status >= 300) {
      throw statusFailure(grant, status, headers) ?? upstreamFailed(grant, 'http_status', status);
    }
  }

  private named(data: string): void {
    const path = endpointPath(data, this.lent);
    if (path === undefined) this.endpoint.reject(upstreamFailed(this.lent.grant, 'sse_endpoint'));
    else this.endpoint.resolve(path);
  }

  private heard({ id, method }: Record<string, unknown>, json: string): boolean {
    if (typeof method !== 'string') {
      if (typeof id === 'string' || typeof id === 'number') this.awaited.get(id)?.(json);
      return true;
    }
    if (id === undefined) return this.notified.notification(json);
    if (typeof id === 'string' || typeof id === 'number') this.refuse(id, method);
    return true;
  }

  /** What an upstream asks of the client was not offered to it; a ping asks whether this side is there. */
  private refuse(id: RpcId, method: string): void {
    const answer = method === 'ping' ? encodePong(id) : encodeMethodNotFound(id);
    this.answers.begin(this, () => this.post(Buffer.from(answer)));
  }
}

function hasResult(json: string): boolean {
  const message = parseJson(json);
  return isObject(message) && isObject(message['result']);
}

/** Path and query of an endpoint of the same origin: a credential goes nowhere else. */
function endpointPath(data: string, { grant, query }: Lent): string | undefined {
  const { origin, path } = grant.gateway.target;
  const base = new URL(path, origin);
  if (!URL.canParse(data, base)) return undefined;
  const url = new URL(data, base);
  if (url.origin !== origin) return undefined;
  const search = [url.search.slice(1), query].filter((part) => part !== '').join('&');
  return search === '' ? url.pathname : `${url.pathname}?${search}`;
}
