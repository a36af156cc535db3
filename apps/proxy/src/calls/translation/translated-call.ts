import type { Era } from '@lethe/contracts';
import { type Done, completeWith } from '../../http/completion.js';
import { traceHeaders } from '../../upstream/trace-context.js';
import type { ConnectionPools } from '../../upstream/connection-pools.js';
import { upstreamRequest } from '../../upstream/upstream-request.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import { TranslatedResponse } from './translated-response.js';
import type { EraTranslation } from './era-translator.js';
import { LEGACY_TO_MODERN } from './legacy-to-modern.js';
import { MODERN_TO_LEGACY } from './modern-to-legacy.js';
import type { EphemeralSessionCalls } from './ephemeral-session-calls.js';
import { McpResponseWriter } from './mcp-response-writer.js';
import { sendTranslated } from './translated-exchange.js';

/** By the client's era. */
const TRANSLATIONS: Readonly<Record<Era, EraTranslation>> = { legacy: LEGACY_TO_MODERN, modern: MODERN_TO_LEGACY };

/** Carries a call across the eras: one request, or four where the upstream keeps sessions. */
export class TranslatedCalls {
  constructor(
    private readonly pools: ConnectionPools,
    private readonly oneOff: EphemeralSessionCalls,
  ) {}

  /** Tells the end: LetheError about the upstream; ClientGone. */
  forward(call: UpstreamCall, done: Done): void {
    const { gateway } = call.credentials.access;
    if (gateway.era === 'legacy' && gateway.isSessionful) {
      return completeWith(() => this.oneOff.forward(call), done);
    }
    const { credentials, message, response, era } = call;
    const translation = TRANSLATIONS[era.era];
    const session = { id: undefined, version: gateway.protocolVersion };
    const translated = [...translation.headers(call, session), ...traceHeaders(call.headers)];
    const sent = upstreamRequest(credentials, 'POST', translated, translation.body(call));
    // Without a session there is nobody to answer to; nothing was offered that the upstream may ask.
    const answer = new TranslatedResponse(
      call,
      translation,
      new McpResponseWriter(response, message.id),
      message.id,
      () => undefined,
    );
    const leaving = translation.disconnectCancels ? (abort: () => void) => response.onDisconnect(abort) : undefined;
    sendTranslated(this.pools.of(gateway.target), sent, credentials.access, answer, leaving, done);
  }
}
