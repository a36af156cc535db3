import { createServer, type IncomingHttpHeaders, IncomingMessage, type Server, type ServerOptions } from 'node:http';
import { isClosing } from '@lethe/platform';
import type { HttpEngine, HttpHandlers } from '../http-engine.js';
import { IgnoredUpgrades } from '../ignored-upgrades.js';
import type { HttpRequest, OnChunk } from '../request/http-request.js';
import { PREGZIPPED_HEADERS } from '../response/pregzipped-response.js';
import { JSON_HEADERS, ResponseWriter } from '../response/response-writer.js';
import { STREAM_HEADERS } from '../response/stream-headers.js';
import { CoalescedResponses } from './coalesced-responses.js';

/** The fast engine: bodies come directly from node's parser, and complete responses are written together at the end of a turn. */
export class FastHttp implements HttpEngine {
  private readonly responses = new CoalescedResponses([...PREGZIPPED_HEADERS, JSON_HEADERS, STREAM_HEADERS]);

  createServer({ slugOf, serve, rest }: HttpHandlers, options: ServerOptions): Server {
    const { responses } = this;
    const upgrades = new IgnoredUpgrades();
    const own = { ...options, IncomingMessage: RawBodyRequest, shouldUpgradeCallback: upgrades.shouldUpgrade };
    const server = createServer<typeof RawBodyRequest>(own, (request, response) => {
      if (upgrades.any && !upgrades.mayServe(request, response)) return;
      // Behind other requests in one packet, one of which may be the last that is answered.
      if (!response.socket?.writable && isClosing(request.socket)) return;
      const slug = slugOf(request);
      if (slug === undefined) {
        request.useStandardStream();
        rest(request, response);
        return;
      }
      responses.flushIfOverdue();
      serve(request, new ResponseWriter(response, responses), slug);
    });
    // Queued responses are written before a connection is closed: by node, if its client has ended its side, or by the
    // listeners of these events, if the client sent something that is no request.
    server.on('connection', (socket) => socket.prependListener('end', responses.flush));
    server.on('clientError', responses.flush).on('connect', responses.flush);
    return server;
  }
}

/** The headers of a request that node's server itself reads. */
interface OwnHeaders {
  host?: string;
  expect?: string;
}

/**
 * The class of requests that node's HTTP server creates (its option `IncomingMessage`, ADR 0011). It saves what requests to
 * virtual servers do not need: the body bypasses the stream, which would take five turns of the event loop, and `headers` is
 * not built, because the proxy reads `rawHeaders`. After `useStandardStream` it behaves like node's own class.
 */
export class RawBodyRequest extends IncomingMessage implements HttpRequest {
  private isStandard = false;
  private onChunk: OnChunk | undefined;
  private own: OwnHeaders | undefined;

  /** Restores node's standard behaviour. Call it before headers or body are read. */
  useStandardStream(): void {
    this.isStandard = true;
  }

  /** Passes on the body as it arrives, including what has already arrived. It can't be read in another way then. */
  streamBody(onChunk: OnChunk): void {
    this.onChunk = onChunk;
    // Marks the body as being read: otherwise node discards it when the response ends.
    this._read(0);
    while (this.readableLength > 0) onChunk(this.read() as Buffer | null);
    if (this.complete) onChunk(null);
  }

  /** Node's parser calls this with each chunk of the body, and with null at its end. */
  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    return this.onChunk ? this.onChunk(chunk) : super.push(chunk, encoding);
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
          return this.onChunk ? this.complete : Reflect.get(IncomingMessage.prototype, 'readableEnded', this);
        },
      },
    });
  }
}
