import type { TLSSocket } from 'node:tls';
import { type Destination, normalHost, portOf, type UpstreamPolicy } from '@lethe/mcp';
import { buildConnector } from 'undici';
import { AddressForbidden } from './address-forbidden.js';
import { DialRule } from './dial-rule.js';
import { guardedLookup } from './guarded-lookup.js';

/** The only origin that a connector connects to, and how. */
export interface Dial {
  /** Any URL of the origin. */
  url: string | URL;
  policy: UpstreamPolicy;
  /** PEM certificates that are trusted instead of the system's. */
  tlsCa?: string;
  /** Longest time to connect, TLS included. */
  timeoutMs: number;
  /** Whether later connections may resume the TLS session of an earlier one. */
  resumesTls: boolean;
}

/**
 * Opens connections to one origin, at allowed addresses only. Create one per pool: it stores the TLS session that the pool's
 * next connection resumes. Every connection is checked, also one that resumes a session. Fails with `AddressForbidden`.
 */
export function guardedConnector(dial: Dial): buildConnector.connector {
  const origin = destinationOf(new URL(dial.url));
  const rule = new DialRule(dial.policy, origin);
  const kept: { session?: Buffer } = {};
  const connect = buildConnector({
    timeout: dial.timeoutMs,
    allowH2: false,
    lookup: guardedLookup(rule),
    maxCachedSessions: dial.resumesTls ? 1 : 0,
    ...(dial.tlsCa !== undefined && { ca: dial.tlsCa }),
  });
  return (target, callback) => {
    if (!rule.allowsHost || !isSame(target, origin)) return callback(new AddressForbidden(), null);
    connect(target, (error, socket) => {
      if (error !== null) return callback(error, null);
      if (socket.remoteAddress !== undefined && rule.allows(socket.remoteAddress)) {
        if (dial.resumesTls) keepSession(socket, kept);
        return callback(null, socket);
      }
      socket.destroy();
      return callback(new AddressForbidden(), null);
    });
  };
}

/** Stores the TLS session in `kept`: undici has only a `WeakRef`, so the next garbage collection would drop it. */
function keepSession(socket: object, kept: { session?: Buffer }): void {
  if (isTls(socket)) socket.on('session', (session) => (kept.session = session));
}

function isTls(socket: object): socket is TLSSocket {
  return 'encrypted' in socket;
}

function destinationOf(url: URL): Destination {
  return { hostname: url.hostname, port: portOf(url) };
}

function isSame(target: buildConnector.Options, origin: Destination): boolean {
  const port = target.port === '' ? (target.protocol === 'https:' ? 443 : 80) : Number(target.port);
  return port === origin.port && normalHost(target.hostname) === normalHost(origin.hostname);
}
