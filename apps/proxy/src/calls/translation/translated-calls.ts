import { type Done, completeWith } from '@lethe/platform';
import { traceHeaders, type ConnectionPools, upstreamRequest } from '../../upstream/upstream-client.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import { TranslatedResponse } from './translated-response.js';
import { MODERN_TO_LEGACY } from './modern-to-legacy.js';
import type { EphemeralSessionCalls } from './ephemeral-session-calls.js';
import type { InputRoundTrips } from './input-round-trips.js';
import type { NotificationFilters } from '../../server-requests/notification-filters.js';
import { McpResponseWriter } from './mcp-response-writer.js';
import { sendTranslated } from './send-translated.js';

/** Forwards calls between the eras. A call needs one upstream request, or several if the upstream needs a session or input. */
export class TranslatedCalls {
  constructor(
    private readonly pools: ConnectionPools,
    private readonly ephemeral: EphemeralSessionCalls,
    private readonly roundTrips: InputRoundTrips,
    private readonly notifications: NotificationFilters,
  ) {}

  /** Errors passed to `done`: LetheError about the upstream; ClientDisconnected. */
  forward(call: UpstreamCall, done: Done): void {
    const { served } = call.credentials.access;
    if (served.era === 'modern') return this.roundTrips.forward(call, done);
    if (served.isSessionful) return completeWith(() => this.ephemeral.forward(call), done);
    this.forwardWithoutSession(call, done);
  }

  /** A modern client's call to a legacy upstream. */
  private forwardWithoutSession(call: UpstreamCall, done: Done): void {
    const { credentials, message, response } = call;
    const { gateway, served } = credentials.access;
    const session = { id: undefined, version: served.protocolVersion };
    const headers = [...MODERN_TO_LEGACY.headers(call, session), ...traceHeaders(call)];
    const request = upstreamRequest(credentials, 'POST', headers, MODERN_TO_LEGACY.body(call));
    const writer = new McpResponseWriter(call);
    // No client capabilities were declared, and without a session a server request could not be answered anyway.
    const translated = new TranslatedResponse(
      call,
      MODERN_TO_LEGACY,
      writer,
      message.id,
      this.notifications,
      () => undefined,
    );
    const onDisconnect = (abort: () => void): void => response.onDisconnect(abort);
    sendTranslated(this.pools.of(gateway.target), request, credentials, translated, onDisconnect, done);
  }
}
