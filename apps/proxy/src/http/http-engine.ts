import type { IncomingMessage, RequestListener, Server, ServerOptions } from 'node:http';
import type { HttpRequest } from './request/http-request.js';
import type { ResponseWriter } from './response/response-writer.js';

/** Serves one request to a virtual server. It calls `ended` once, when nothing more is done for the request. */
export type ServeMcp = (request: HttpRequest, response: ResponseWriter, slug: string, ended: () => void) => void;

/** Handlers for the requests of one server. */
export interface HttpHandlers {
  /** The slug of the virtual server that a request is for; undefined when it goes to `rest`. */
  readonly slugOf: (request: IncomingMessage) => string | undefined;
  readonly serve: (request: HttpRequest, response: ResponseWriter, slug: string) => void;
  readonly rest: RequestListener;
}

/** Reads requests from node's HTTP server and writes their responses. There are two: `NodeHttp`, and `FastHttp` in `fast/`. */
export interface HttpEngine {
  /** Creates a server that does not listen yet. */
  createServer(handlers: HttpHandlers, options: ServerOptions): Server;
}
