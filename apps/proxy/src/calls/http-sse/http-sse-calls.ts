import { ClientDisconnected } from '../../http/request-body.js';
import { asLetheError } from '../../protocol/mcp-error-response.js';
import { traceHeaders } from '../../upstream/trace-context.js';
import { clientInfoOf } from '../../protocol/envelope.js';
import { Aborted } from '../../upstream/response-handler.js';
import type { ConnectionPools } from '../../upstream/connection-pools.js';
import type { UpstreamCall } from '../call-forwarder.js';
import { TranslatedHttpSseResponse } from './translated-http-sse-response.js';
import { HttpSseConnection } from '../../upstream/http-sse/connection.js';
import { HttpSseResponse } from './http-sse-response.js';

/** Calls of upstreams that speak the HTTP+SSE transport only: connect, initialize, call, close, each time. */
export class HttpSseCalls {
  constructor(private readonly pools: ConnectionPools) {}

  /** @throws LetheError about the upstream; ClientGone */
  async forward(relayed: UpstreamCall): Promise<void> {
    const { call, request, credentials, session, exchange } = relayed;
    const { gateway } = credentials.access;
    const outcome =
      call.era.era === gateway.era ? new HttpSseResponse(relayed) : new TranslatedHttpSseResponse(relayed);
    const signal = call.era.disconnectCancels ? exchange.response.disconnected : undefined;
    const trace = traceHeaders(exchange.headers);
    const connection = new HttpSseConnection(this.pools.of(gateway.target), credentials, outcome, trace, signal);
    try {
      const clientInfo = session.client?.clientInfo ?? clientInfoOf(request);
      await connection.initialize({ version: session.versionFor(gateway), clientInfo });
      outcome.response(await connection.ask(request.id, outcome.body()));
    } catch (error) {
      if (error instanceof Aborted) throw new ClientDisconnected('the client went away');
      outcome.broken(asLetheError(error));
      throw error;
    } finally {
      connection.close();
    }
  }
}
