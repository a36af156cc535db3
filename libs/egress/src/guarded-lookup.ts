import { lookup as resolveName, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { AddressForbidden } from './address-forbidden.js';
import type { DialRule } from './dial-rule.js';

/** Resolves a name as Node does, but fails if one of its addresses is not allowed. */
export function guardedLookup(rule: DialRule): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupOptions & { all: true } = { ...options, all: true };
    resolveName(hostname, all, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, []);
      const [first] = addresses;
      if (first === undefined || !rule.allowsAll(addresses.map(({ address }) => address))) {
        return callback(new AddressForbidden(), []);
      }
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}
