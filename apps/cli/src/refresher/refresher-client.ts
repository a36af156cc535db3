import type { Socket } from 'node:net';
import { CliError } from '../errors/cli.error.js';
import type { AccessToken, TokenWish } from './access-tokens.js';
import { type AnswerMessage, answerMessage, errorOf, lineOf, readLines } from './messages.js';

/** The refresher ended before it answered. */
export class RefresherGone extends Error {
  override readonly name = 'RefresherGone';
}

const ANSWER_TIMEOUT_MS = 60_000;

type Waiting = { resolve: (answer: AnswerMessage) => void; reject: (error: Error) => void };

/** A connection to the refresher that another process has. */
export class RefresherClient {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  /** @param timeoutMs longer than any refresh takes; a process that was stopped still has its socket */
  constructor(
    private readonly socket: Socket,
    private readonly timeoutMs = ANSWER_TIMEOUT_MS,
  ) {
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
    const { token, failure } = await this.answerTo(id, wish);
    if (failure) throw errorOf(failure);
    if (!token) throw new RefresherGone();
    return token;
  }

  private answerTo(id: number, wish: TokenWish): Promise<AnswerMessage> {
    return new Promise((resolve, reject) => {
      if (this.isGone) return reject(new RefresherGone());
      const timer = setTimeout(() => reject(silent()), this.timeoutMs);
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer);
          settle(value);
        };
      this.waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
      this.socket.write(lineOf({ id, wish }));
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private gone(): void {
    for (const { reject } of this.waiting.values()) reject(new RefresherGone());
    this.waiting.clear();
  }
}

function silent(): CliError {
  return new CliError(
    'unexpected',
    'refresher_silent',
    'The lethe process that refreshes your logins does not answer',
    ['It may have been stopped (Ctrl-Z). Let it go on, or end it; another one then takes its place.'],
  );
}
