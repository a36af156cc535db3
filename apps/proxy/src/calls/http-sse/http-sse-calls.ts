import { ClientGone } from '../../http/request-body.js';
import { asLetheError } from '../../protocol/mcp-error-response.js';
import { traceHeaders } from '../../upstream/trace-context.js';
import { clientInfoOf } from '../../protocol/envelope.js';
import { Aborted } from '../../upstream/response-handler.js';
import type { UpstreamPools } from '../../upstream/connection-pools.js';
import type { Relayed } from '../call-forwarder.js';
import { CrossedSseReply } from './translated-http-sse-response.js';
import { SseConnection } from '../../upstream/http-sse/connection.js';
import { SseReply } from './http-sse-response.js';

/** Calls of upstreams that speak the HTTP+SSE transport only: connect, initialize, call, close, each time. */
export class SseCallsService {
  constructor(private readonly pools: UpstreamPools) {}

  /** @throws LetheError about the upstream; ClientGone */
  async forward(relayed: Relayed): Promise<void> {
    const { call, request, lent, session, exchange } = relayed;
    const { gateway } = lent.grant;
    const told = call.era.era === gateway.era ? new SseReply(relayed) : new CrossedSseReply(relayed);
    const signal = call.era.disconnectCancels ? exchange.reply.disconnected : undefined;
    const trace = traceHeaders(exchange.headers);
    const connection = new SseConnection(this.pools.of(gateway.target), lent, told, trace, signal);
    try {
      const clientInfo = session.client?.clientInfo ?? clientInfoOf(request);
      await connection.initialize({ version: session.versionFor(gateway), clientInfo });
      told.answer(await connection.ask(request.id, told.body()));
    } catch (error) {
      if (error instanceof Aborted) throw new ClientGone('the client went away');
      told.broken(asLetheError(error));
      throw error;
    } finally {
      connection.close();
    }
  }
}
