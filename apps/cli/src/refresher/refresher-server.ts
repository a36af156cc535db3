import { setTimeout as pause } from 'node:timers/promises';
import { createServer, type Server, type Socket } from 'node:net';
import type { AccessTokens } from './access-tokens.js';
import { failureOf, lineOf, readLines, wishMessage } from './messages.js';
import { listenAt } from './private-socket.js';

const CLOSE_MS = 1_000;

/** Answers the other processes of the person. */
export class RefresherServer {
  private readonly sockets = new Set<Socket>();
  private readonly answering = new Set<Promise<void>>();
  private readonly server: Server;

  private constructor(private readonly tokens: AccessTokens) {
    this.server = createServer((socket) => this.serve(socket));
  }

  /** Whoever calls it has the lock of this path. */
  static async listen(path: string, tokens: AccessTokens): Promise<RefresherServer> {
    const refresher = new RefresherServer(tokens);
    await listenAt(refresher.server, path);
    return refresher;
  }

  /** Lets the process end while it listens. */
  unref(): void {
    this.server.unref();
  }

  /** Takes no more requests, answers those that it has, and ends. Others take over at once. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    await Promise.allSettled(this.answering);
    for (const socket of this.sockets) socket.end();
    // A client that was stopped does not end its side.
    await Promise.race([closed, pause(CLOSE_MS, undefined, { ref: false })]);
    for (const socket of this.sockets) socket.destroy();
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => this.sockets.delete(socket));
    // A client that waits for nothing keeps no process alive.
    socket.unref();
    readLines(socket, (message) => {
      const answered = this.answer(socket, wishMessage.parse(message));
      this.answering.add(answered);
      void answered.finally(() => this.answering.delete(answered));
    });
  }

  private async answer(socket: Socket, { id, wish }: ReturnType<typeof wishMessage.parse>): Promise<void> {
    const answer = await this.tokens.tokenFor(wish).then(
      (token) => ({ id, token }),
      (error: unknown) => ({ id, failure: failureOf(error) }),
    );
    if (socket.writable) socket.write(lineOf(answer));
  }
}
