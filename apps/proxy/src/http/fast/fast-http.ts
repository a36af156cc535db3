import { createServer, type IncomingHttpHeaders, IncomingMessage, type Server } from 'node:http';
import { HTTP_SERVER_OPTIONS } from '@lethe/platform';
import type { HttpEngine, HttpHandlers } from '../http-engine.js';
import type { HttpRequest, TakeChunk } from '../request/http-request.js';
import { PREGZIPPED_HEADERS } from '../response/pregzipped-response.js';
import { ResponseWriter } from '../response/response-writer.js';
import { CoalescedResponses } from './coalesced-responses.js';

/** The fast way: bodies come straight from node's parser, and whole responses leave together at the end of a turn. */
export class FastHttp implements HttpEngine {
  private readonly responses = new CoalescedResponses(PREGZIPPED_HEADERS);

  createServer({ slugOf, serve, rest }: HttpHandlers): Server {
    const { responses } = this;
    const options = { ...HTTP_SERVER_OPTIONS, IncomingMessage: RawBodyRequest };
    const server = createServer<typeof RawBodyRequest>(options, (request, response) => {
      const slug = slugOf(request);
      if (slug === undefined) {
        request.useStandardStream();
        rest(request, response);
        return;
      }
      responses.flushIfOverdue();
      serve(request, new ResponseWriter(response, responses), slug);
    });
    // Queued responses leave before the connection of a client is ended that sends no more (by node), or that sends what can't
    // be parsed (by Fastify's own listener of `clientError`; a server without one would have to end it here).
    server.on('connection', (socket) => socket.prependListener('end', responses.flush));
    server.on('clientError', responses.flush);
    return server;
  }
}

/** The headers that node's server itself reads of a request. */
interface OwnHeaders {
  host?: string;
  expect?: string;
}

/**
 * The request class that node's HTTP server is given (its option `IncomingMessage`, ADR 0011). Until `useStandardStream` is
 * called it leaves out what requests to virtual servers don't need: the body skips the stream, which would take five turns of
 * the event loop, and `headers` is not built, as the proxy reads `rawHeaders`.
 */
export class RawBodyRequest extends IncomingMessage implements HttpRequest {
  private isStandard = false;
  private takeChunk: TakeChunk | undefined;
  private own: OwnHeaders | undefined;

  /** Restores node's standard behaviour. Call it before anything of headers or body is read. */
  useStandardStream(): void {
    this.isStandard = true;
  }

  /** Hands over the body as it arrives, and what has arrived already. The body can't be read in another way then. */
  takeBody(take: TakeChunk): void {
    this.takeChunk = take;
    // Marks the body as being read: otherwise node discards it when the response ends.
    this._read(0);
    while (this.readableLength > 0) take(this.read() as Buffer | null);
    if (this.complete) take(null);
  }

  /** Node's parser calls this with each chunk of the body, and with null at its end. */
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

  /** Node's types declare both as properties, and a class can't override a property by an accessor. */
  static {
    Object.defineProperties(RawBodyRequest.prototype, {
      headers: {
        get(this: RawBodyRequest) {
          return this.isStandard ? Reflect.get(IncomingMessage.prototype, 'headers', this) : this.ownHeaders();
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
