import type { TLSSocket } from 'node:tls';
import type { JsonObject, ProbeReport } from '@lethe/contracts';
import { contentCodings, decoded, guardedConnector } from '@lethe/egress';
import {
  eventMessage,
  isObject,
  isResponseTo,
  messageText,
  nestsDeeperThan,
  parseJson,
  responseKind,
  type ResponseHeaders,
  SseSplitter,
  type UpstreamPolicy,
  upstreamUrlProblem,
} from '@lethe/mcp';
import { Agent, type buildConnector, request } from 'undici';
import { PROBE_LIMITS } from './probe-limits.js';
import { shownText } from './shown-text.js';

/** The head of a response, and its body where one was read. */
export interface ProbeAnswer {
  httpStatus: number;
  headers: ResponseHeaders;
  message: JsonObject | undefined;
}

/** What a request of a probe sends. */
export interface ProbeRequest {
  method: 'GET' | 'POST' | 'DELETE';
  headers?: Record<string, string>;
  body?: JsonObject;
}

/** A request that is not sent: the probe has made too many, or the URL may not be requested. */
export class ProbeRefused extends Error {
  override readonly name = 'ProbeRefused';

  constructor(readonly code: 'too_many_requests' | 'url_forbidden') {
    super(code);
  }
}

/** Which addresses may be connected to, and by which certificates they are known. */
export interface ProbeScope {
  policy: UpstreamPolicy;
  /** PEM certificate authorities in place of the system's. */
  tlsCa?: string | undefined;
}

/** How much a client may do. */
export interface ProbeBounds {
  /** All of it. */
  timeoutMs: number;
  /** One request, so that a slow one leaves time for others. */
  requestMs: number;
  maxRequests: number;
}

/** Who sends, and whom to tell of each request before it is sent. */
export interface ProbeSender {
  userAgent?: string;
  onSend?: (url: string) => void;
}

/**
 * Requests to allowed addresses only, without a credential, bounded in number, time and size. Follows no redirect.
 */
export class ProbeClient {
  requests = 0;
  /** The certificate of the first connection over TLS. */
  tls: ProbeReport['tls'];
  private readonly agents = new Map<string, Agent>();
  private readonly deadline: AbortSignal;

  constructor(
    private readonly scope: ProbeScope,
    private readonly bounds: ProbeBounds,
    private readonly sender: ProbeSender = {},
  ) {
    this.deadline = AbortSignal.timeout(bounds.timeoutMs);
  }

  /**
   * Sends a request and reads a JSON answer, or the first message of an event stream.
   * @throws ProbeRefused; what undici throws
   */
  async send(url: string, { method, headers = {}, body }: ProbeRequest): Promise<ProbeAnswer> {
    if (this.requests >= this.bounds.maxRequests) throw new ProbeRefused('too_many_requests');
    if (upstreamUrlProblem(url, this.scope.policy) !== undefined) throw new ProbeRefused('url_forbidden');
    this.requests += 1;
    this.sender.onSend?.(url);
    const signal = AbortSignal.any([this.deadline, AbortSignal.timeout(this.bounds.requestMs)]);
    const response = await request(url, {
      dispatcher: this.agentOf(url),
      method,
      headers: {
        'accept-encoding': 'identity',
        'user-agent': this.sender.userAgent ?? 'lethe-connector',
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body ? JSON.stringify(body) : null,
      signal,
    });
    const { statusCode: httpStatus } = response;
    try {
      const isStream = responseKind(httpStatus, response.headers) === 'event-stream';
      const bytes = decoded(response.body, contentCodings(response.headers['content-encoding']));
      const message = isStream ? await firstMessage(bytes) : objectIn(messageText(await boundedText(bytes)));
      return { httpStatus, headers: response.headers, message };
    } finally {
      response.body.on('error', () => undefined).destroy();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.agents.values()].map((agent) => agent.destroy()));
  }

  private agentOf(url: string): Agent {
    const { origin } = new URL(url);
    const known = this.agents.get(origin);
    if (known) return known;
    const { policy, tlsCa } = this.scope;
    const dial = { url, policy, tlsCa, timeoutMs: this.bounds.requestMs, resumesTls: false };
    const agent = new Agent({
      connect: this.watched(guardedConnector(dial)),
      connections: 1,
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: PROBE_LIMITS.maxHeaderBytes,
    });
    this.agents.set(origin, agent);
    return agent;
  }

  /** Looks at the certificate of the first connection, which is to the probed URL. */
  private watched(connect: buildConnector.connector): buildConnector.connector {
    const isFirst = this.agents.size === 0;
    return (options, callback) =>
      connect(options, (...result) => {
        const [, socket] = result;
        if (isFirst && socket !== null && isTls(socket)) this.tls ??= certificateOf(socket);
        callback(...result);
      });
  }
}

function isTls(socket: object): socket is TLSSocket {
  return 'encrypted' in socket;
}

function certificateOf(socket: TLSSocket): ProbeReport['tls'] {
  const { issuer, valid_to: validTo } = socket.getPeerCertificate();
  const names = [issuer?.CN, issuer?.O].flat();
  const expiresAt = new Date(validTo);
  if (Number.isNaN(expiresAt.getTime())) return undefined;
  return {
    protocol: shownText(socket.getProtocol()) ?? 'unknown',
    issuer: shownText(names.find((name) => typeof name === 'string')) ?? 'unknown',
    expiresAt: expiresAt.toISOString(),
  };
}

async function boundedText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > PROBE_LIMITS.maxBodyBytes) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The first response on a stream; or its first event of the HTTP+SSE transport, as `{ endpoint }`. */
async function firstMessage(body: AsyncIterable<Buffer>): Promise<JsonObject | undefined> {
  const splitter = new SseSplitter();
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > PROBE_LIMITS.maxBodyBytes) return undefined;
    for (const event of splitter.push(chunk)) {
      if (event.event === 'endpoint' && event.data !== undefined) return { endpoint: event.data };
      const json = eventMessage(event);
      const message = json === undefined ? undefined : objectIn(json);
      if (isResponseTo(1, message)) return message;
    }
  }
  return undefined;
}

function objectIn(text: string): JsonObject | undefined {
  if (nestsDeeperThan(text, PROBE_LIMITS.maxDepth)) return undefined;
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}
