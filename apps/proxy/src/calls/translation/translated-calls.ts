import type { Era } from '@lethe/contracts';
import { type Done, completeWith } from '@lethe/platform';
import { traceHeaders, type ConnectionPools, upstreamRequest } from '../../upstream/upstream-client.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import { TranslatedResponse } from './translated-response.js';
import type { EraTranslation } from './era-translation.js';
import { LEGACY_TO_MODERN } from './legacy-to-modern.js';
import { MODERN_TO_LEGACY } from './modern-to-legacy.js';
import type { EphemeralSessionCalls } from './ephemeral-session-calls.js';
import { McpResponseWriter } from './mcp-response-writer.js';
import { sendTranslated } from './send-translated.js';

/** By the client's era. */
const TRANSLATIONS: Readonly<Record<Era, EraTranslation>> = { legacy: LEGACY_TO_MODERN, modern: MODERN_TO_LEGACY };

/** Forwards calls between the eras. A call needs one upstream request, or several if the upstream needs a session. */
export class TranslatedCalls {
  constructor(
    private readonly pools: ConnectionPools,
    private readonly ephemeral: EphemeralSessionCalls,
  ) {}

  /** Errors passed to `done`: LetheError about the upstream; ClientDisconnected. */
  forward(call: UpstreamCall, done: Done): void {
    const { credentials, message, response, era } = call;
    const { gateway, served } = credentials.access;
    if (served.era === 'legacy' && served.isSessionful) {
      return completeWith(() => this.ephemeral.forward(call), done);
    }
    const translation = TRANSLATIONS[era.era];
    const session = { id: undefined, version: served.protocolVersion };
    const headers = [...translation.headers(call, session), ...traceHeaders(call.headers)];
    const request = upstreamRequest(credentials, 'POST', headers, translation.body(call));
    const writer = new McpResponseWriter(response, message.id);
    // No client capabilities were declared, and without a session a server request could not be answered anyway.
    const translated = new TranslatedResponse(call, translation, writer, message.id, () => undefined);
    const onDisconnect = translation.disconnectCancels
      ? (abort: () => void): void => response.onDisconnect(abort)
      : undefined;
    sendTranslated(this.pools.of(gateway.target), request, credentials.access, translated, onDisconnect, done);
  }
}
