import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isAddressAllowed, portOf, type Destination, type UpstreamPolicy } from '@lethe/mcp';
import { buildConnector } from 'undici';
import { HandshakeFailure } from './handshake-failure.js';

/**
 * Opens sockets to allowed addresses only. The rule is applied twice: to what the name resolves to (the lookup is not
 * called for literal addresses), and to the address the socket has reached before a byte of a request is written.
 */
export function guardedConnector(options: {
  url: string;
  policy: UpstreamPolicy;
  tlsCa: string | undefined;
  timeoutMs: number;
}): buildConnector.connector {
  const url = new URL(options.url);
  const destination: Destination = { hostname: url.hostname, port: portOf(url) };
  const isAllowed = (address: string): boolean => isAddressAllowed(address, options.policy, destination);
  const connect = buildConnector({
    timeout: options.timeoutMs,
    allowH2: false,
    maxCachedSessions: 0,
    lookup: guardedLookup(isAllowed),
    ...(options.tlsCa === undefined ? {} : { ca: options.tlsCa }),
  });
  return (target, callback) => {
    connect(target, (error, socket) => {
      if (error !== null) return callback(error, null);
      if (socket.remoteAddress !== undefined && isAllowed(socket.remoteAddress)) return callback(null, socket);
      socket.destroy();
      return callback(new HandshakeFailure('address_forbidden'), null);
    });
  };
}

function guardedLookup(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupOptions & { all: true } = { ...options, all: true };
    resolve(hostname, all, (error, addresses: LookupAddress[]) => {
      if (error !== null) return callback(error, []);
      const allowed = addresses.filter(({ address }) => isAllowed(address));
      if (allowed.length === 0) return callback(new HandshakeFailure('address_forbidden'), []);
      const [first] = allowed;
      return options.all === true || first === undefined
        ? callback(null, allowed)
        : callback(null, first.address, first.family);
    });
  };
}
