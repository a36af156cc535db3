import { withParam } from '@lethe/mcp';
import { ClientGone } from '../exchange/read-body.js';
import { asLetheError, errorBody } from '../exchange/refusal.js';
import { traceHeaders } from '../passthrough/trace-context.js';
import { Aborted } from '../upstreams/response-handler.js';
import type { UpstreamPools } from '../upstreams/upstream-pools.js';
import type { Relayed } from '../upstreams/upstreams.service.js';
import { SseConnection } from './sse-connection.js';
import { SseReply } from './sse-reply.js';

/** Calls of upstreams that speak the HTTP+SSE transport only: connect, initialize, call, close, each time. */
export class SseCallsService {
  constructor(private readonly pools: UpstreamPools) {}

  /** @throws LetheError about the upstream; ClientGone */
  async forward(relayed: Relayed): Promise<void> {
    const { call, request, route, lent, session, exchange } = relayed;
    const { gateway } = lent.grant;
    const reply = new SseReply(exchange.reply);
    const signal = call.era.disconnectCancels ? exchange.reply.disconnected : undefined;
    const trace = traceHeaders(exchange.headers);
    const connection = new SseConnection(this.pools.of(gateway.target), lent, reply, trace, signal);
    try {
      const clientInfo = session.client?.clientInfo ?? { name: 'lethe', version: '1' };
      await connection.initialize({ version: session.versionFor(gateway), clientInfo });
      const body = route.own === route.exposed ? request.bytes : withParam(request, relayed.param, route.own);
      reply.answer(await connection.ask(request.id, body));
    } catch (error) {
      if (error instanceof Aborted) throw new ClientGone('the client went away');
      if (exchange.reply.hasBegun) reply.answer(errorBody(asLetheError(error), request.id));
      throw error;
    } finally {
      connection.close();
    }
  }
}
