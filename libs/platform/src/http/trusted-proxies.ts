import { BlockList, isIP } from 'node:net';

const HEADER = 'x-forwarded-for';

/** An address as `X-Forwarded-For` has it: some proxies add the port, and brackets for IPv6. */
const HOP = /^(?:\[(?<bracketed>[^\]]*)\](?::\d{1,5})?|(?<v4>[\d.]+):\d{1,5}|(?<bare>.*))$/;

/** Of an IPv6 address that stands for an IPv4 one, so many come before that. RFC 4291, section 2.5.5.2 */
const MAPPED_BITS = 96;

/** Whether a text is an IP address, or a network such as `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const { address, prefix, most } = partsOf(text);
  return isIP(address) !== 0 && !address.includes('%') && /^\d{1,3}$/.test(prefix) && Number(prefix) <= most;
}

/** The reverse proxies and balancers whose `X-Forwarded-For` is believed. */
export class TrustedProxies {
  /** One for each family: a list takes IPv4 addresses for IPv6 ones, so that `::/0` would hold all of them. */
  private readonly networks = { ipv4: new BlockList(), ipv6: new BlockList() };

  /** @param networks addresses and networks, as `isNetwork` accepts them */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const { address, prefix } = ipv4Within(partsOf(network));
      const family = familyOf(address);
      this.networks[family].addSubnet(address, Number(prefix), family);
    }
  }

  has(address: string): boolean {
    const one = plain(address);
    const family = familyOf(one);
    return isIP(one) !== 0 && this.networks[family].check(one, family);
  }

  /**
   * The address of the caller: that of the connection or, while the hop that is known so far is trusted, the one that this hop
   * says it got the request from. What stands further left in the header can be invented by the caller, and is not read. The
   * header `Forwarded` is not read either: a proxy that sets the one header passes on the other as the caller sent it.
   * @param peer where the connection comes from
   * @param rawHeaders names and values in turn, as they were sent
   */
  callerOf(peer: string, rawHeaders: readonly string[]): string {
    let caller = plain(peer);
    if (!this.has(caller)) return caller;
    for (const hop of hopsIn(rawHeaders).reverse()) {
      const address = addressOf(hop);
      if (address === undefined) return caller;
      caller = address;
      if (!this.has(caller)) return caller;
    }
    return caller;
  }
}

/** Asked for each call that comes through a trusted proxy. */
function hopsIn(rawHeaders: readonly string[]): string[] {
  const hops: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === HEADER.length && name.toLowerCase() === HEADER)
      hops.push(...(rawHeaders[at + 1] ?? '').split(','));
  }
  return hops;
}

/** Undefined for what is no address: a hop that is hidden, or anything a caller made up. */
function addressOf(hop: string): string | undefined {
  const { bracketed, v4, bare = '' } = HOP.exec(hop.trim())?.groups ?? {};
  const address = plain(bracketed ?? v4 ?? bare);
  return isIP(address) === 0 ? undefined : address;
}

/** Without the prefix of IPv4 addresses on a socket for both families, and without the zone of a local address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}

function partsOf(network: string): { address: string; prefix: string; most: number } {
  const slash = network.indexOf('/');
  const address = slash < 0 ? network : network.slice(0, slash);
  const most = isIP(address) === 4 ? 32 : 128;
  return { address, prefix: slash < 0 ? String(most) : network.slice(slash + 1), most };
}

/** A network of IPv4 addresses that is written as one of IPv6: `::ffff:10.0.0.0/104` is `10.0.0.0/8`. */
function ipv4Within({ address, prefix }: { address: string; prefix: string }): { address: string; prefix: string } {
  const within = plain(address);
  const shorter = Number(prefix) - MAPPED_BITS;
  return within === address || shorter < 0 ? { address, prefix } : { address: within, prefix: String(shorter) };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
