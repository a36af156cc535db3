import { ClientDisconnected } from '../../http/request/request-body.js';
import { BEFORE_STREAM_MS, STREAM_HEADERS } from '../../http/response/stream-headers.js';
import { asLetheError } from '../../protocol/errors.js';
import { traceHeaders, type ConnectionPools } from '../../upstream/upstream-client.js';
import { clientInfoOf } from '../../protocol/envelope.js';
import { Aborted } from '../../upstream/response-handler.js';
import type { NotificationFilters } from '../../server-requests/notification-filters.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import { TranslatedHttpSseResponse } from './translated-http-sse-response.js';
import { HttpSseConnection } from '../../upstream/http-sse/connection.js';
import { HttpSseResponse } from './http-sse-response.js';

/** Forwards calls to upstreams that only support the HTTP+SSE transport: connects, initializes, calls and closes each time. */
export class HttpSseCalls {
  constructor(
    private readonly pools: ConnectionPools,
    private readonly notifications: NotificationFilters,
  ) {}

  /** @throws LetheError about the upstream; ClientDisconnected */
  async forward(call: UpstreamCall): Promise<void> {
    const { era, message, credentials, session, response } = call;
    const { served } = credentials.access;
    const clientResponse =
      era.era === served.era
        ? new HttpSseResponse(call, this.notifications)
        : new TranslatedHttpSseResponse(call, this.notifications);
    const signal = era.disconnectCancels ? response.disconnected : undefined;
    const trace = traceHeaders(call);
    const connection = new HttpSseConnection(this.pools, credentials, clientResponse, trace, signal);
    try {
      const clientInfo = session.client?.clientInfo ?? clientInfoOf(message);
      await connection.initialize({ version: session.versionFor(served), clientInfo });
      response.beginStreamAfter(BEFORE_STREAM_MS, 200, STREAM_HEADERS);
      clientResponse.response(await connection.request(message.id, clientResponse.body()));
    } catch (error) {
      if (error instanceof Aborted) throw new ClientDisconnected('the client disconnected');
      clientResponse.fail(asLetheError(error));
      throw error;
    } finally {
      connection.close();
    }
  }
}
