import { Socket } from 'node:net';
import type pg from 'pg';
import { giveBackBroken } from './broken-clients.js';

/**
 * What keeps a connection that was forgotten on its way, as by a firewall or a host that vanished, from holding up others.
 * Neither end is told, so each needs limits of its own.
 */
export interface ConnectionLimits {
  /** Longest wait for a row that another transaction has locked; then the request fails with 503. */
  readonly lockMs: number;
  /** Longest pause inside a transaction: PostgreSQL then ends the session, and its locks are free. */
  readonly idleInTransactionMs: number;
  /** Longest silence of PostgreSQL during a statement: the connection then ends. */
  readonly silenceMs: number;
  /** Longest wait for a connection of the pool, and for a new one. */
  readonly connectMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  lockMs: 5_000,
  idleInTransactionMs: 10_000,
  silenceMs: 30_000,
  connectMs: 20_000,
};

const KEEP_ALIVE_MS = 10_000;

/** Sessions whose client is gone end within a minute; over a Unix socket, PostgreSQL ignores these. */
const SESSION_KEEP_ALIVE =
  'set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3';

/** Options of MikroORM for pg's pool. */
interface PoolOptions extends Omit<pg.PoolConfig, 'onConnect'> {
  onPoolCreated(pool: pg.Pool): void;
  /** The pool gives the connection away when this has ended. */
  onConnect(client: pg.Client): Promise<void>;
}

/** Options of pg's pool. The settings are statements, as a pooler in between may know no others at the login. */
export function limitedPool({ lockMs, idleInTransactionMs, silenceMs, connectMs }: ConnectionLimits): PoolOptions {
  const settings = [
    `set lock_timeout = ${lockMs}`,
    `set idle_in_transaction_session_timeout = ${idleInTransactionMs}`,
    SESSION_KEEP_ALIVE,
  ].join('; ');
  return {
    connectionTimeoutMillis: connectMs,

    onPoolCreated: giveBackBroken,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    onConnect: async (client) => {
      const { stream } = client.connection;
      if (stream instanceof Socket)
        stream.setTimeout(silenceMs, () => stream.destroy(new Error('PostgreSQL is silent')));
      await client.query(settings);
    },
  };
}
