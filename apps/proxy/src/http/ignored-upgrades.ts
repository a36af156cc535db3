import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Requests that ask for another protocol, such as the first one of Java's HTTP client (`Upgrade: h2c`). They are served as
 * if they did not ask. But node's parser drops what follows them in the same packet, so the requests that follow can't be
 * told apart any more: the connection ends with the response.
 */
export class IgnoredUpgrades {
  /** Whether there was one. Until then nothing needs to be checked. */
  any = false;
  private readonly asking = new WeakMap<Socket, IncomingMessage>();

  /** Node's option `shouldUpgradeCallback`. */
  readonly shouldUpgrade = (request: IncomingMessage): boolean => {
    this.any = true;
    if (!this.asking.has(request.socket)) this.asking.set(request.socket, request);
    return false;
  };

  /** Whether this request is served: not if it follows one that asked. */
  mayServe(request: IncomingMessage, response: ServerResponse): boolean {
    const asking = this.asking.get(request.socket);
    if (asking === undefined) return true;
    response.shouldKeepAlive = false;
    return asking === request;
  }
}
