import type { Socket } from 'node:net';
import { TrustedProxies } from './trusted-proxies.js';

/** What is read of a request to know where it comes from. */
export interface AddressedRequest {
  readonly socket: Pick<Socket, 'remoteAddress'>;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
}

/** Knows where requests come from: for connections that are not those of trusted proxies, it is found once. */
export class CallerAddresses {
  private readonly trusted: TrustedProxies;
  private readonly known = new WeakMap<object, string>();

  /** @param trustedProxies as `LETHE_TRUSTED_PROXIES` has them */
  constructor(trustedProxies: readonly string[]) {
    this.trusted = new TrustedProxies(trustedProxies);
  }

  /** Empty for a connection that is gone. */
  of({ socket, rawHeaders }: AddressedRequest): string {
    const known = this.known.get(socket);
    if (known !== undefined) return known;
    const peer = socket.remoteAddress ?? '';
    const address = this.trusted.callerOf(peer, rawHeaders);
    if (peer !== '' && !this.trusted.has(peer)) this.known.set(socket, address);
    return address;
  }
}
