import { guardedConnector } from '@lethe/egress';
import type { UpstreamPolicy } from '@lethe/mcp';
import { Agent, type buildConnector, type Dispatcher, request } from 'undici';
import { HANDSHAKE_LIMITS } from '../outcome/limits.js';

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

/** A method that requests of a handshake have. */
export type Method = 'GET' | 'POST' | 'DELETE';

/** The connections of one handshake, which all its visits share, and how many requests were sent. */
export class HandshakeConnections {
  requests = 0;
  private readonly agent: Agent;

  constructor(
    private readonly target: ClientTarget,
    /** Aborts at the end of the handshake's time. */
    readonly deadline: AbortSignal,
  ) {
    this.agent = new Agent({
      connect: target.connect ?? guardedConnector({ ...target, resumesTls: false }),
      connections: HANDSHAKE_LIMITS.maxConnections,
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: HANDSHAKE_LIMITS.maxHeaderBytes,
      headersTimeout: target.timeoutMs,
      bodyTimeout: target.timeoutMs,
    });
  }

  get url(): string {
    return this.target.url;
  }

  /** Whether requests have a credential. */
  get hasCredential(): boolean {
    return Object.keys(this.target.credentialHeaders).length > 0;
  }

  get origins(): string[] {
    return this.requests === 0 ? [] : [new URL(this.url).origin];
  }

  /** Sends one request, with the credential. */
  send(method: Method, url: string, init: RequestInit, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
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

  async destroy(): Promise<void> {
    await this.agent.destroy();
  }
}
