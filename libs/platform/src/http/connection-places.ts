import type { Server, Socket } from 'node:net';
import type { TrustedProxies } from './trusted-proxies.js';

/** The part of all places from which on strangers of one address make place for each other. */
const SHARE = 1 / 4;

/** Connections on which somebody was identified. */
const known = new WeakSet<Socket>();

/** Notes that a caller or an administrator was identified on this connection: it keeps its place. */
export function keepPlace(socket: Socket): void {
  known.add(socket);
}

/** Who lost a place, or did not get one. */
export type LostPlace = 'stranger' | 'newcomer';

/**
 * The places for connections of one server. When all are taken, a newcomer gets the place of a stranger: a connection on
 * which no caller was identified yet, such as one that sends its head slowly, or whose requests were refused. So strangers
 * can't keep callers out, however many they are. The oldest stranger leaves; an address that has many gives one of its own.
 * Behind a balancer all connections have one address, and the oldest leaves as well; those of a trusted one are not counted
 * as those of one address.
 */
export class ConnectionPlaces {
  private readonly inside = new Set<Socket>();
  /** By address, the oldest first; some of them may be known by now. */
  private readonly strangers = new Map<string, Set<Socket>>();
  private readonly allStrangers = new Set<Socket>();

  /**
   * @param lost called when a connection is closed for want of a place
   * @param shared addresses whose connections are those of many clients
   */
  constructor(
    private readonly limit: number,
    private readonly lost: (who: LostPlace) => void,
    private readonly shared: Pick<TrustedProxies, 'has'>,
  ) {}

  /** Gives a place to each connection of a server. */
  attach(server: Server): void {
    server.on('connection', this.enter);
  }

  readonly enter = (socket: Socket): void => {
    const address = socket.remoteAddress ?? '';
    if (this.inside.size >= this.limit && !this.makePlace(address)) {
      this.lost('newcomer');
      socket.destroy();
      return;
    }
    this.inside.add(socket);
    this.allStrangers.add(socket);
    const ofAddress = this.strangers.get(address);
    if (ofAddress) ofAddress.add(socket);
    else this.strangers.set(address, new Set([socket]));
    socket.once('close', () => this.leave(socket, address));
  };

  private makePlace(address: string): boolean {
    const own = this.strangers.get(address);
    const isMany = own && own.size >= this.limit * SHARE && !this.shared.has(address);
    if (isMany && this.endOldest(own)) return true;
    return this.endOldest(this.allStrangers);
  }

  private endOldest(candidates: Set<Socket>): boolean {
    for (const socket of candidates) {
      const isKnown = known.has(socket);
      this.forget(socket, socket.remoteAddress ?? '');
      candidates.delete(socket);
      if (isKnown) continue;
      this.inside.delete(socket);
      this.lost('stranger');
      socket.destroy();
      return true;
    }
    return false;
  }

  private leave(socket: Socket, address: string): void {
    this.inside.delete(socket);
    this.forget(socket, address);
  }

  private forget(socket: Socket, address: string): void {
    this.allStrangers.delete(socket);
    const ofAddress = this.strangers.get(address);
    ofAddress?.delete(socket);
    if (ofAddress?.size === 0) this.strangers.delete(address);
  }
}
