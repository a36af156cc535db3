import { type Destination, isAddressAllowed, normalHost, parseAddress, type UpstreamPolicy } from '@lethe/mcp';

/**
 * Decides where a connection may go, for handshakes and calls. It is checked three times: for the host before connecting
 * (a literal address is not looked up), for all addresses that the name resolves to, and for the address of the connected
 * socket before the first byte of a request.
 */
export class DialRule {
  constructor(
    private readonly policy: UpstreamPolicy,
    private readonly destination: Destination,
  ) {}

  /** False for a literal address that is not allowed. A name is checked after it was resolved. */
  get allowsHost(): boolean {
    const host = normalHost(this.destination.hostname);
    return parseAddress(host) === undefined || this.allows(host);
  }

  /** One forbidden address forbids the whole name: otherwise retries could reach that address. */
  allowsAll(addresses: readonly string[]): boolean {
    return addresses.length > 0 && addresses.every((address) => this.allows(address));
  }

  allows(address: string): boolean {
    return isAddressAllowed(address, this.policy, this.destination);
  }
}
