import { type Destination, isAddressAllowed, normalHost, parseAddress, type UpstreamPolicy } from '@lethe/mcp';

/**
 * Where one connection may go; the same rule for handshakes and for calls. Asked three times: of the host before it is
 * dialled (no lookup is made for a literal address), of all that its name resolves to, and of the address that was reached,
 * before the first byte of a request.
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

  /** A name that leads to one forbidden address is forbidden: which one is dialled is not for its owner to try out. */
  allowsAll(addresses: readonly string[]): boolean {
    return addresses.length > 0 && addresses.every((address) => this.allows(address));
  }

  allows(address: string): boolean {
    return isAddressAllowed(address, this.policy, this.destination);
  }
}
