import type { Socket } from 'node:net';
import type { AccessToken, TokenWish } from './access-tokens.js';
import { type AnswerMessage, answerMessage, errorOf, lineOf, readLines } from './messages.js';

/** The refresher ended before it answered. */
export class RefresherGone extends Error {
  override readonly name = 'RefresherGone';
}

type Waiting = { resolve: (answer: AnswerMessage) => void; reject: (error: Error) => void };

/** A connection to the refresher that another process has. */
export class RefresherClient {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  constructor(private readonly socket: Socket) {
    readLines(socket, (message) => {
      const answer = answerMessage.parse(message);
      this.waiting.get(answer.id)?.resolve(answer);
      this.waiting.delete(answer.id);
    });
    socket.on('error', () => socket.destroy()).once('close', () => this.gone());
  }

  /** Whether nothing more can be asked. */
  get isGone(): boolean {
    return !this.socket.writable || this.socket.readableEnded || this.socket.destroyed;
  }

  /** @throws CliError as `AccessTokens`, RefresherGone */
  async tokenFor(wish: TokenWish): Promise<AccessToken> {
    this.lastId += 1;
    const id = this.lastId;
    const { token, failure } = await new Promise<AnswerMessage>((resolve, reject) => {
      if (this.isGone) return reject(new RefresherGone());
      this.waiting.set(id, { resolve, reject });
      this.socket.write(lineOf({ id, wish }));
    });
    if (failure) throw errorOf(failure);
    if (!token) throw new RefresherGone();
    return token;
  }

  close(): void {
    this.socket.destroy();
  }

  private gone(): void {
    for (const { reject } of this.waiting.values()) reject(new RefresherGone());
    this.waiting.clear();
  }
}
