import { lookup as resolveName, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isAddressAllowed, type UpstreamPolicy } from '@lethe/mcp';
import { buildConnector } from 'undici';

/** The name leads to an address that may not be dialled. */
export class AddressForbidden extends Error {
  override readonly name = 'AddressForbidden';
  readonly code = 'address_forbidden';
}

const CONNECT_TIMEOUT_MS = 5_000;

type Connector = ReturnType<typeof buildConnector>;

/**
 * Opens connections to allowed addresses only: a literal address is checked before dialling, names when they are resolved
 * (all their addresses), and the connected socket again before its first byte of HTTP.
 */
export function guardedConnector(policy: UpstreamPolicy, tlsCa?: string): Connector {
  return (options, callback) => {
    const hostname = options.hostname.replace(/^\[|\]$/g, '');
    const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80));
    const mayDial = (ip: string): boolean => isAddressAllowed(ip, policy, { hostname, port });
    if (isIP(hostname) !== 0 && !mayDial(hostname)) return refuse(callback);
    const connect = buildConnector({
      timeout: CONNECT_TIMEOUT_MS,
      allowH2: false,
      lookup: guardedLookup(mayDial),
      ...(tlsCa !== undefined && { ca: tlsCa }),
    });
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null);
      if (socket.remoteAddress !== undefined && mayDial(socket.remoteAddress)) return callback(null, socket);
      socket.destroy();
      return refuse(callback);
    });
  };
}

function refuse(callback: buildConnector.Callback): void {
  callback(new AddressForbidden('this address may not be dialled'), null);
}

function guardedLookup(mayDial: (ip: string) => boolean): LookupFunction {
  return (hostname: string, options: LookupOptions, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, []);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => mayDial(address))) {
        return callback(new AddressForbidden('this address may not be dialled'), []);
      }
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}
