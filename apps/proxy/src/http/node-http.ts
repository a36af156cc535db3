import { createServer, type IncomingMessage, type Server, type ServerOptions } from 'node:http';
import { isClosing } from '@lethe/platform';
import type { HttpEngine, HttpHandlers } from './http-engine.js';
import type { HttpRequest, OnChunk } from './request/http-request.js';
import { IgnoredUpgrades } from './ignored-upgrades.js';
import { ResponseWriter } from './response/response-writer.js';

/** The standard engine: node's own request, read as a stream, and node's own response. */
export class NodeHttp implements HttpEngine {
  createServer({ slugOf, serve, rest }: HttpHandlers, options: ServerOptions): Server {
    const upgrades = new IgnoredUpgrades();
    const own = { ...options, shouldUpgradeCallback: upgrades.shouldUpgrade };
    return createServer(own, (request, response) => {
      if (upgrades.any && !upgrades.mayServe(request, response)) return;
      // Behind other requests in one packet, one of which may be the last that is answered.
      if (!response.socket?.writable && isClosing(request.socket)) return;
      const slug = slugOf(request);
      if (slug === undefined) rest(request, response);
      else serve(new StreamedRequest(request), new ResponseWriter(response), slug);
    });
  }
}

/** A request whose body is read through node's stream. */
class StreamedRequest implements HttpRequest {
  constructor(private readonly request: IncomingMessage) {}

  get method(): string | undefined {
    return this.request.method;
  }

  get url(): string | undefined {
    return this.request.url;
  }

  get rawHeaders(): readonly string[] {
    return this.request.rawHeaders;
  }

  streamBody(onChunk: OnChunk): void {
    const { request } = this;
    request.on('data', (chunk: Buffer) => {
      if (!onChunk(chunk)) request.pause();
    });
    request.on('end', () => onChunk(null));
  }
}
