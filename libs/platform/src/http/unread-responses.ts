import type { Server, Socket } from 'node:net';
import { readKernelQueues } from './kernel-queues.js';

/** How often a client is looked at in the time that it may read nothing. */
const LOOKS = 4;
/** Where the kernel does not tell what clients have confirmed, they get so many times as long. */
const BLIND_FACTOR = 10;

/** How far a client has read. */
interface Progress {
  readonly position: string;
  readonly since: number;
}

/**
 * Cuts clients that do not read their responses: JSON and streams. A client that reads slowly is never cut, because each
 * byte that it confirms counts. What a client costs until then is bounded by backpressure.
 */
export class UnreadResponses {
  private readonly sockets = new Set<Socket>();
  private readonly progress = new Map<Socket, Progress>();
  private isLooking = false;

  /** @param cut called with each connection before it is closed */
  constructor(
    private readonly timeoutMs: number,
    private readonly cut: () => void,
  ) {}

  /** Watches all connections of a server until it closes. */
  attach(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => {
        this.sockets.delete(socket);
        this.progress.delete(socket);
      });
    });
    const timer = setInterval(() => void this.look(), this.timeoutMs / LOOKS).unref();
    server.once('close', () => clearInterval(timer));
  }

  private async look(): Promise<void> {
    const unread = [...this.sockets].filter((socket) => this.hasUnread(socket));
    if (unread.length === 0 || this.isLooking) return;
    this.isLooking = true;
    const queues = await readKernelQueues();
    this.isLooking = false;
    for (const socket of unread) this.check(socket, queues.of(socket));
  }

  /** Node.js has bytes that the kernel did not take. */
  private hasUnread(socket: Socket): boolean {
    if (socket.writableLength > 0) return true;
    this.progress.delete(socket);
    return false;
  }

  private check(socket: Socket, unconfirmed: number | undefined): void {
    if (socket.destroyed) return;
    const position = `${socket.bytesWritten - socket.writableLength} ${unconfirmed ?? ''}`;
    const known = this.progress.get(socket);
    const now = performance.now();
    if (known?.position !== position) {
      this.progress.set(socket, { position, since: now });
      return;
    }
    if (now - known.since < this.timeoutMs * (unconfirmed === undefined ? BLIND_FACTOR : 1)) return;
    this.cut();
    socket.destroy();
  }
}
