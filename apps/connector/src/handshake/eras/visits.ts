import type { Era } from '@lethe/contracts';
import { GuardedClient } from '../client/guarded-client.js';
import type { HandshakeConnections } from '../client/handshake-connections.js';
import { failureOf } from '../client/network-error.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { HANDSHAKE_LIMITS } from '../outcome/limits.js';
import { beforeDeadline } from './before-deadline.js';
import { type ClientCapabilities, NO_CAPABILITIES } from './client-capabilities.js';
import { isDiscovered } from './era-probe.js';
import { openLegacyConnection } from './legacy-connection.js';
import { openModernConnection } from './modern-connection.js';
import { openSseConnection } from './sse-connection.js';
import type { UpstreamConnection } from './upstream-connection.js';

/** Opens the connections of one handshake to its upstream. Each is a visit: it has a client and limits of its own. */
export class Visits {
  /** Aborts when optional visits have to end, so that there is time left to end their sessions. */
  readonly optional: AbortSignal;
  private readonly underway = new Set<Promise<unknown>>();

  constructor(
    private readonly connections: HandshakeConnections,
    private readonly timeoutMs: number,
  ) {
    this.optional = AbortSignal.timeout(Math.floor(timeoutMs * HANDSHAKE_LIMITS.optionalShare));
  }

  get deadline(): AbortSignal {
    return this.connections.deadline;
  }

  /**
   * Tries the modern era, in which the handshake begins; `undefined` if the upstream does not speak it. A failure that
   * leaves open whether it speaks the legacy one is returned.
   * @throws HandshakeFailure for every other failure
   */
  async openModern(): Promise<UpstreamConnection | HandshakeFailure | undefined> {
    const slow = new AbortController();
    const timer = setTimeout(() => slow.abort(), this.timeoutMs * HANDSHAKE_LIMITS.probeShare);
    const http = this.client(slow.signal);
    try {
      return await openModernConnection(this.connections.url, http, NO_CAPABILITIES);
    } catch (error) {
      const failure = failureOf(error);
      if (isOfOneEra(failure) || isDiscovered(http.lastResponse)) return failure;
      throw failure;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Opens the legacy era.
   * @param isSecond the upstream speaks the modern era: `undefined` if it does not speak this one too
   * @throws HandshakeFailure
   */
  async openLegacy(isSecond: boolean): Promise<UpstreamConnection | undefined> {
    const http = isSecond ? this.client(this.optional) : this.client();
    try {
      return await openLegacyConnection(this.connections.url, http, NO_CAPABILITIES);
    } catch (error) {
      const hasResult = http.lastResponse?.message !== undefined && 'result' in http.lastResponse.message;
      if (isSecond && http.failure === undefined && !hasResult) return undefined;
      throw error;
    }
  }

  /** Connects over HTTP+SSE; `undefined` if that is not an endpoint of this transport. */
  openSse(): Promise<UpstreamConnection | undefined> {
    return openSseConnection(this.connections.url, this.client());
  }

  /**
   * Visits an era again, as a client with other capabilities.
   * @throws HandshakeFailure
   */
  async again<T>(
    era: Era,
    capabilities: ClientCapabilities,
    use: (connection: UpstreamConnection) => Promise<T>,
  ): Promise<T> {
    const visit = this.visit(era, capabilities, use);
    this.underway.add(visit);
    visit.catch(() => undefined).finally(() => this.underway.delete(visit));
    return beforeDeadline(this.optional, visit);
  }

  /** Resolves when the sessions of visits that were given up have ended, or the time for that is over. */
  async ended(): Promise<void> {
    const limit = AbortSignal.any([this.deadline, AbortSignal.timeout(HANDSHAKE_LIMITS.closeTimeoutMs)]);
    await beforeDeadline(limit, Promise.allSettled(this.underway)).catch(() => undefined);
  }

  private async visit<T>(
    era: Era,
    capabilities: ClientCapabilities,
    use: (connection: UpstreamConnection) => Promise<T>,
  ): Promise<T> {
    const open = era === 'modern' ? openModernConnection : openLegacyConnection;
    const connection = await open(this.connections.url, this.client(this.optional), capabilities);
    if (!connection) throw new HandshakeFailure('upstream_protocol_error');
    return use(connection).finally(() => connection.close());
  }

  private client(limit?: AbortSignal): GuardedClient {
    return new GuardedClient(this.connections, limit ? AbortSignal.any([this.deadline, limit]) : this.deadline);
  }
}

/** Whether a failure may be one of the modern era only: the upstream is there, and did not reject the credential. */
function isOfOneEra({ code, detail }: HandshakeFailure): boolean {
  const isServerError = code === 'upstream_http_error' && (detail.httpStatus ?? 0) >= 500;
  return isServerError || code === 'upstream_timeout' || code === 'upstream_closed';
}
