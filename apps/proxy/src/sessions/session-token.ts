import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject, MAX_SESSION_TOKEN_BYTES } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Sealer } from '@lethe/sealing';
import type { Caller } from '../auth/authenticator.js';

/** All state of a legacy client's session. Sealed, it is the client's `Mcp-Session-Id`. */
export interface SessionClaims {
  readonly v: 1;
  /** Epoch seconds. */
  readonly iat: number;
  readonly exp: number;
  readonly protocolVersion: string;
  readonly clientInfo: JsonObject;
  readonly clientCapabilities: JsonObject;
  /** By the slugs of gateways. */
  readonly upstream: Readonly<Record<string, SessionPart>>;
}

/** A session with one upstream: its id, its version, the configuration revision it was opened with, and whether by a kept credential. */
export type SessionPart = readonly [id: string, version: string, configRevision: number, isKept?: 1];

/** Longest token: it is sent in a header of every request. */
export const MAX_TOKEN_BYTES = MAX_SESSION_TOKEN_BYTES;
/** Shorter on an open server: there, whoever has the token has the session. */
const OPEN_TTL_SECONDS = 60 * 60;
const IDENTIFIED_TTL_SECONDS = 24 * 60 * 60;

/** How long a session of this caller lasts. */
export function sessionTtlSeconds(caller: Caller): number {
  return caller.isIdentified ? IDENTIFIED_TTL_SECONDS : OPEN_TTL_SECONDS;
}

/** A token opens only on its own virtual server and for its own caller. */
function binding(caller: Caller): string {
  return JSON.stringify([caller.server.id, caller.id]);
}

/**
 * Seals a session.
 * @throws LetheError `session_too_large`
 */
export function sealSession(sealer: Sealer, claims: SessionClaims, caller: Caller): string {
  const token = sealer.seal({ ...claims, upstream: toJson(claims.upstream) }, binding(caller));
  if (token.length > MAX_TOKEN_BYTES) {
    throw new LetheError('session_too_large', { gateways: Object.keys(claims.upstream) });
  }
  return token;
}

/** Opens a token; undefined when it was tampered with, has expired, or belongs to another server or caller. */
export function openSession(
  sealer: Sealer,
  token: string,
  caller: Caller,
  nowSeconds: number,
): SessionClaims | undefined {
  if (token.length > MAX_TOKEN_BYTES) return undefined;
  const claims = readClaims(sealer.open(token, binding(caller)));
  return claims && claims.exp > nowSeconds ? claims : undefined;
}

function toJson(upstream: SessionClaims['upstream']): JsonObject {
  return Object.fromEntries(
    Object.entries(upstream).map(([slug, session]) => [slug, session.filter((member) => member !== undefined)]),
  );
}

/** The seal proves that Lethe wrote the token; this check recognises tokens of an older form. */
function readClaims(value: JsonValue | undefined): SessionClaims | undefined {
  if (!isObject(value) || value['v'] !== 1) return undefined;
  const { iat, exp, protocolVersion, clientInfo, clientCapabilities, upstream } = value;
  const isWhole = typeof iat === 'number' && typeof exp === 'number' && typeof protocolVersion === 'string';
  if (!isWhole || !isObject(clientInfo) || !isObject(clientCapabilities) || !isObject(upstream)) return undefined;
  const sessions = Object.entries(upstream).map(([slug, session]) => [slug, readSession(session)] as const);
  if (sessions.some(([, session]) => session === undefined)) return undefined;
  const known = Object.fromEntries(sessions.flatMap(([slug, session]) => (session ? [[slug, session]] : [])));
  return { v: 1, iat, exp, protocolVersion, clientInfo, clientCapabilities, upstream: known };
}

function readSession(value: JsonValue): SessionPart | undefined {
  if (!Array.isArray(value)) return undefined;
  const [id, version, configRevision, isKept] = value;
  const isWhole = typeof id === 'string' && typeof version === 'string' && typeof configRevision === 'number';
  if (!isWhole) return undefined;
  return isKept === 1 ? [id, version, configRevision, 1] : [id, version, configRevision];
}
