import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { DialRule, portOf, type UpstreamPolicy } from '@lethe/mcp';
import { buildConnector } from 'undici';
import { HandshakeFailure } from '../outcome/handshake-failure.js';

/** Opens sockets to allowed addresses only, by the same rule as the proxy. */
export function guardedConnector(options: {
  url: string;
  policy: UpstreamPolicy;
  tlsCa: string | undefined;
  timeoutMs: number;
}): buildConnector.connector {
  const url = new URL(options.url);
  const rule = new DialRule(options.policy, { hostname: url.hostname, port: portOf(url) });
  const connect = buildConnector({
    timeout: options.timeoutMs,
    allowH2: false,
    maxCachedSessions: 0,
    lookup: guardedLookup(rule),
    ...(options.tlsCa === undefined ? {} : { ca: options.tlsCa }),
  });
  return (target, callback) => {
    if (!rule.allowsHost) return callback(new HandshakeFailure('address_forbidden'), null);
    connect(target, (error, socket) => {
      if (error !== null) return callback(error, null);
      if (socket.remoteAddress !== undefined && rule.allows(socket.remoteAddress)) return callback(null, socket);
      socket.destroy();
      return callback(new HandshakeFailure('address_forbidden'), null);
    });
  };
}

function guardedLookup(rule: DialRule): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupOptions & { all: true } = { ...options, all: true };
    resolve(hostname, all, (error, addresses: LookupAddress[]) => {
      if (error !== null) return callback(error, []);
      const [first] = addresses;
      if (first === undefined || !rule.allowsAll(addresses.map(({ address }) => address))) {
        return callback(new HandshakeFailure('address_forbidden'), []);
      }
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}
