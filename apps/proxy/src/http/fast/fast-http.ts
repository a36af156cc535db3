import { createServer, type Server } from 'node:http';
import { HTTP_SERVER_OPTIONS } from '@lethe/platform';
import type { HttpEngine, HttpHandlers } from '../http-engine.js';
import { PREGZIPPED_HEADERS } from '../pregzipped-response.js';
import { ResponseWriter } from '../response-writer.js';
import { CoalescedResponses } from './coalesced-responses.js';
import { RawBodyRequest } from './raw-body-request.js';

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
