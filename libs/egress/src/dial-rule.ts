import { type Destination, isAddressAllowed, normalHost, parseAddress, type UpstreamPolicy } from '@lethe/mcp';

/**
 * Decides where a connection may go, for handshakes and calls alike. It is asked three times: for the host before dialling
 * (a literal address is not looked up), for all addresses that the name resolves to, and for the address of the connected
 * socket, before the first byte of a request.
 */
export class DialRule {
  constructor(
    private readonly policy: UpstreamPolicy,
    private readonly destination: Destination,
  ) {}

  /** False for a literal address that may not be dialled; a name is judged by what it resolves to. */
  get allowsHost(): boolean {
    const host = normalHost(this.destination.hostname);
    return parseAddress(host) === undefined || this.allows(host);
  }

  /** One forbidden address forbids the whole name: otherwise its owner could retry until that address is dialled. */
  allowsAll(addresses: readonly string[]): boolean {
    return addresses.length > 0 && addresses.every((address) => this.allows(address));
  }

  allows(address: string): boolean {
    return isAddressAllowed(address, this.policy, this.destination);
  }
}
