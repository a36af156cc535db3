import { type IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Takes a body piece by piece; null is its end. False when no more of it is to be read. */
export type TakeChunk = (chunk: Buffer | null) => boolean;

/** What node's server itself reads of the headers of HTTP/1.1. */
interface OwnHeaders {
  host?: string;
  expect?: string;
}

/**
 * A request as node's HTTP server makes it (its option `IncomingMessage`), without what a virtual server needs nothing of
 * and which would cost a tenth of a call: the body doesn't go through a stream, with its five turns of the event loop, and
 * headers, which are read raw, are not made an object.
 */
export class RawBodyRequest extends IncomingMessage {
  private isUsual = false;
  private takeChunk: TakeChunk | undefined;
  private own: OwnHeaders | undefined;

  /** From now on it is as any other request: before anything of it is read. */
  useStandardStream(): void {
    this.isUsual = true;
  }

  /** Hands the body over as it comes, and what came already, in place of every other way to read it. */
  takeBody(take: TakeChunk): void {
    this.takeChunk = take;
    // What node does when a body begins to be read: it is not thrown away at the answer.
    this._read(0);
    while (this.readableLength > 0) take(this.read() as Buffer | null);
    if (this.complete) take(null);
  }

  /** How node's parser hands on a body and its end. */
  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    return this.takeChunk ? this.takeChunk(chunk) : super.push(chunk, encoding);
  }

  private ownHeaders(): OwnHeaders {
    if (this.own) return this.own;
    const { rawHeaders } = this;
    const own: OwnHeaders = {};
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      const name = rawHeaders[at] ?? '';
      if (name.length === 4 && name.toLowerCase() === 'host') own.host ??= rawHeaders[at + 1];
      else if (name.length === 6 && name.toLowerCase() === 'expect') own.expect ??= rawHeaders[at + 1];
    }
    this.own = own;
    return own;
  }

  /** Both are properties in node's declarations, which a class can't override by accessors. */
  static {
    Object.defineProperties(RawBodyRequest.prototype, {
      headers: {
        get(this: RawBodyRequest) {
          return this.isUsual ? Reflect.get(IncomingMessage.prototype, 'headers', this) : this.ownHeaders();
        },
        set(this: RawBodyRequest, headers: IncomingHttpHeaders) {
          Reflect.set(IncomingMessage.prototype, 'headers', headers, this);
        },
      },
      readableEnded: {
        get(this: RawBodyRequest) {
          return this.takeChunk ? this.complete : Reflect.get(IncomingMessage.prototype, 'readableEnded', this);
        },
      },
    });
  }
}
