import { guardedConnector } from '@lethe/egress';
import type { UpstreamPolicy } from '@lethe/mcp';
import { Agent, type buildConnector, type Dispatcher, request } from 'undici';
import type { CredentialParts } from './credential-parts.js';
import { withParameters } from './query-credential.js';
import type { SentRequests } from '../../discovery/sent-requests.js';
import { HANDSHAKE_LIMITS } from '../outcome/limits.js';

/** The only URL that may be requested, and the headers and limits of every request. */
export interface ClientTarget {
  url: string;
  policy: UpstreamPolicy;
  tlsCa?: string;
  timeoutMs: number;
  /** The credential. Its headers are set last, on every request. */
  credential: CredentialParts;
  sent: SentRequests;
  /** Replaces the connector that checks addresses; used by the warm-up only. */
  connect?: buildConnector.connector;
}

/** A method that requests of a handshake have. */
export type Method = 'GET' | 'POST' | 'DELETE';

/** The connections of one handshake to its upstream, which all its visits share. */
export class HandshakeConnections {
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
    const { headers, parameters } = this.target.credential;
    return Object.keys(headers).length + parameters.length > 0;
  }

  /** Sends one request, with the credential. */
  send(method: Method, url: string, init: RequestInit, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { credential, sent } = this.target;
    sent.add(url);
    return request(withParameters(url, credential.parameters), {
      dispatcher: this.agent,
      method,
      headers: {
        ...Object.fromEntries(new Headers(init.headers)),
        'accept-encoding': 'identity',
        'user-agent': 'lethe-connector',
        ...credential.headers,
      },
      body: typeof init.body === 'string' ? init.body : null,
      signal,
    });
  }

  async destroy(): Promise<void> {
    await this.agent.destroy();
  }
}
