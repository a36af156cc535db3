import { jetstreamManager } from '@nats-io/jetstream';
import { connect, errors, type NatsConnection } from '@nats-io/transport-node';
import { LetheError, type Logger, sleep } from '@lethe/platform';
import { BusLink } from '../bus-link.js';
import type { NatsTarget } from './nats-target.js';
import { isOutdatedServer, isUsableServer, OLDEST_SERVER, SUPPORTED_SERVERS } from './server-versions.js';

const RETRY_MS = 1_000;
const DIAL_MS = 5_000;
const CLOSE_MS = 2_000;
/** A server that stops answering without closing its connection is given up for another one after three of these. */
const PING_MS = 3_000;

class UnsuitableServer extends Error {
  override readonly name = 'UnsuitableServer';
}

/** The link to a NATS server. Connects until the server responds, and reconnects automatically. */
export class NatsLink extends BusLink {
  private readonly ended = new AbortController();
  private readonly first: Promise<NatsConnection>;
  private readonly onReturn = new Set<() => void>();
  private isUp = false;

  constructor(
    private readonly target: NatsTarget,
    private readonly name: string,
    private readonly inboxPrefix: string,
    private readonly startWaitMs: number,
    private readonly logger: Logger | undefined,
  ) {
    super();
    this.first = this.dial();
    this.first.catch((error: unknown) => this.logger?.error({ err: error }, 'No connection to the bus'));
  }

  isConnected(): boolean {
    return this.isUp;
  }

  connection(): Promise<NatsConnection> {
    return this.first;
  }

  /** @throws Error if the server can't be used: unknown user, too old, without JetStream */
  async connectedOrTimedOut(): Promise<void> {
    await Promise.race([this.first, sleep(this.startWaitMs, { signal: this.ended.signal })]);
  }

  /** Calls `callback` after each reconnect, until the returned function is called. */
  onReconnect(callback: () => void): () => void {
    this.onReturn.add(callback);
    return () => void this.onReturn.delete(callback);
  }

  async findCapturingStream(subject: string): Promise<string | undefined> {
    if (!this.isUp) throw new LetheError('bus_unavailable');
    try {
      const manager = await jetstreamManager(await this.first, { checkAPI: false });
      return (await manager.streams.names(subject).next())[0];
    } catch (error) {
      throw new LetheError('bus_unavailable', {}, { cause: error });
    }
  }

  async close(): Promise<void> {
    this.ended.abort();
    const connection = await Promise.race([this.first.catch(() => undefined), sleep(CLOSE_MS)]);
    if (!connection || connection.isClosed()) return;
    if (this.isUp) await Promise.race([connection.drain(), sleep(CLOSE_MS)]);
    await connection.close();
  }

  private async dial(): Promise<NatsConnection> {
    while (!this.ended.signal.aborted) {
      try {
        return await this.dialOnce();
      } catch (error) {
        const reason = permanentProblem(error);
        if (reason !== undefined) throw new Error(`NATS_URL: ${reason}`, { cause: error });
        await sleep(RETRY_MS, { signal: this.ended.signal });
      }
    }
    throw new errors.ClosedConnectionError();
  }

  private async dialOnce(): Promise<NatsConnection> {
    const connection = await connect({
      ...this.target,
      name: this.name,
      inboxPrefix: this.inboxPrefix,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RETRY_MS,
      ignoreAuthErrorAbort: true,
      timeout: DIAL_MS,
      pingInterval: PING_MS,
    });
    const problem = problemOf(connection);
    if (problem !== undefined || this.ended.signal.aborted) {
      await connection.close();
      throw new UnsuitableServer(problem);
    }
    this.isUp = true;
    this.warnIfOutdated(connection);
    void this.follow(connection);
    return connection;
  }

  /** After a reconnect it may be another server of a cluster. */
  private warnIfOutdated({ info }: NatsConnection): void {
    const version = info?.version ?? '';
    if (isOutdatedServer(version))
      this.logger?.warn({ version }, `nats-server lacks security fixes; supported are ${SUPPORTED_SERVERS}`);
  }

  private async follow(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') {
        this.isUp = false;
        this.logger?.warn('The connection to the bus is lost');
      } else if (status.type === 'reconnect') {
        this.isUp = true;
        this.logger?.info('The connection to the bus is restored');
        this.warnIfOutdated(connection);
        for (const callback of this.onReturn) callback();
      } else if (status.type === 'error') {
        const subject = status.error instanceof errors.PermissionViolationError ? status.error.subject : undefined;
        this.logger?.warn({ err: status.error, subject }, 'The bus reported an error');
      }
    }
    this.isUp = false;
  }
}

/** Why connecting again would not help; undefined if it could. */
function permanentProblem(error: unknown): string | undefined {
  if (error instanceof errors.AuthorizationError) return 'the server rejects this user';
  return error instanceof UnsuitableServer ? error.message : undefined;
}

function problemOf({ info }: NatsConnection): string | undefined {
  if (!isUsableServer(info?.version ?? '')) return `nats-server ${OLDEST_SERVER} or later is needed`;
  return info?.jetstream === true ? undefined : 'nats-server runs without JetStream';
}
