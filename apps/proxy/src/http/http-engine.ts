import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { ResponseWriter } from './response-writer.js';

/** Takes a body chunk by chunk; `null` is its end. Returns false when it wants no more of it. */
export type TakeChunk = (chunk: Buffer | null) => boolean;

/** What the proxy reads of a request to a virtual server. */
export interface HttpRequest {
  readonly method?: string | undefined;
  /** Names and values in turn, as they were received. */
  readonly rawHeaders: readonly string[];
  /** Hands over the body as it arrives, including what has arrived already. Call it once. */
  takeBody(take: TakeChunk): void;
}

/** Serves one request to a virtual server. It calls `ended` once, when nothing more is done for the request. */
export type ServeMcp = (request: HttpRequest, response: ResponseWriter, slug: string, ended: () => void) => void;

/** Where the requests of one server go. */
export interface HttpHandlers {
  /** The slug of the virtual server that a request is for; undefined when it goes to `rest`. */
  readonly slugOf: (request: IncomingMessage) => string | undefined;
  readonly serve: (request: HttpRequest, response: ResponseWriter, slug: string) => void;
  readonly rest: RequestListener;
}

/** How requests are read from node's HTTP server and answered through it. There are two: `NodeHttp`, and `FastHttp` in `fast/`. */
export interface HttpEngine {
  /** Makes a server that does not listen yet. */
  createServer(handlers: HttpHandlers): Server;
}
