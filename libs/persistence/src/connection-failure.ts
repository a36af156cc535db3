import { TLSSocket } from 'node:tls';
import { getSystemErrorMap } from 'node:util';
import { StartError } from '@lethe/platform';
import { ConnectionException } from '@mikro-orm/core';
import type pg from 'pg';

/**
 * SQLSTATE of a server that is about to start or to stop, has too many connections, or has lost this one, and of a lock that
 * another session held for too long.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const TEMPORARY = /^(08\w{3}|57P0[123]|53300|55P03)$/;
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** PostgreSQL can't be reached, or is about to start or to stop. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  /** The code of the network or of PostgreSQL; without one, the name of the error. */
  readonly code: string;

  constructor(cause: unknown) {
    super('no connection to PostgreSQL', { cause });
    this.code = codeOf(cause) ?? (cause instanceof Error ? cause.name : typeof cause);
  }
}

/** What `client` failed with; `Unreachable` if the same may succeed later. */
export function asUnreachable(error: unknown, client: pg.Client): unknown {
  if (error instanceof StartError) return error;
  const code = codeOf(error);
  // A time limit and a connection that the other end closed have no code.
  const isTemporary = code === undefined ? client.connection.stream.destroyed : TEMPORARY.test(code);
  return isTemporary || isOfNetwork(error) || error instanceof ConnectionException ? new Unreachable(error) : error;
}

/** Says without values why `client` can't connect with these settings. Waiting would not help. */
export function asRefusal(error: unknown, client: pg.Client): StartError {
  return new StartError(`DATABASE_URL: ${reasonOf(error, client)}`, { cause: error });
}

function reasonOf(error: unknown, { ssl, password, connection }: pg.Client): string {
  const code = codeOf(error);
  if (code !== undefined && SQLSTATE.test(code)) return `PostgreSQL refuses the connection (${code})`;
  if (ssl && !(connection.stream instanceof TLSSocket)) return 'PostgreSQL offers no TLS, which this URL asks for';
  if (code !== undefined) return `TLS with PostgreSQL fails (${code})`;
  if (!password) return 'PostgreSQL asks for a password, and there is none';
  return 'the login at PostgreSQL fails';
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Names that can't be resolved are no errors of the system, but have the call that failed. */
function isOfNetwork(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  return 'syscall' in error || [...getSystemErrorMap().values()].some(([name]) => name === code);
}
