import { lookup as resolveName, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { DialRule, type UpstreamPolicy } from '@lethe/mcp';
import { buildConnector } from 'undici';

/** The name leads to an address that may not be dialled. */
export class AddressForbidden extends Error {
  override readonly name = 'AddressForbidden';
  readonly code = 'address_forbidden';
}

const CONNECT_TIMEOUT_MS = 5_000;

type Connector = ReturnType<typeof buildConnector>;

/** Opens connections to allowed addresses only, by the rule that connectors go by as well. */
export function guardedConnector(policy: UpstreamPolicy, tlsCa?: string): Connector {
  return (options, callback) => {
    const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80));
    const rule = new DialRule(policy, { hostname: options.hostname, port });
    if (!rule.allowsHost) return refuse(callback);
    const connect = buildConnector({
      timeout: CONNECT_TIMEOUT_MS,
      allowH2: false,
      lookup: guardedLookup(rule),
      ...(tlsCa !== undefined && { ca: tlsCa }),
    });
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null);
      if (socket.remoteAddress !== undefined && rule.allows(socket.remoteAddress)) return callback(null, socket);
      socket.destroy();
      return refuse(callback);
    });
  };
}

function refuse(callback: buildConnector.Callback): void {
  callback(new AddressForbidden('this address may not be dialled'), null);
}

function guardedLookup(rule: DialRule): LookupFunction {
  return (hostname: string, options: LookupOptions, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, []);
      const [first] = addresses;
      if (!first || !rule.allowsAll(addresses.map(({ address }) => address))) {
        return callback(new AddressForbidden('this address may not be dialled'), []);
      }
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}
