import type { Era } from '@lethe/contracts';
import { type Settle, settleWith } from '../../http/completion.js';
import { traceHeaders } from '../../upstream/trace-context.js';
import type { UpstreamPools } from '../../upstream/connection-pools.js';
import { upstreamRequest } from '../../upstream/upstream-request.js';
import type { Relayed } from '../call-forwarder.js';
import { CrossedAnswer } from './translated-response.js';
import type { Crossing } from './era-translator.js';
import { LEGACY_TO_MODERN } from './legacy-to-modern.js';
import { MODERN_TO_LEGACY } from './modern-to-legacy.js';
import type { OneOffCalls } from './ephemeral-session-calls.js';
import { ToldReply } from './mcp-response-writer.js';
import { exchangeAcross } from './translated-exchange.js';

/** By the client's era. */
const CROSSINGS: Readonly<Record<Era, Crossing>> = { legacy: LEGACY_TO_MODERN, modern: MODERN_TO_LEGACY };

/** Carries a call across the eras (design 4.4): one request, or four where the upstream keeps sessions. */
export class TranslationService {
  constructor(
    private readonly pools: UpstreamPools,
    private readonly oneOff: OneOffCalls,
  ) {}

  /** Tells the end: LetheError about the upstream; ClientGone. */
  forward(relayed: Relayed, settle: Settle): void {
    const { gateway } = relayed.lent.grant;
    if (gateway.era === 'legacy' && gateway.isSessionful) {
      return settleWith(() => this.oneOff.forward(relayed), settle);
    }
    const { lent, request, exchange, call } = relayed;
    const crossing = CROSSINGS[call.era.era];
    const session = { id: undefined, version: gateway.protocolVersion };
    const headers = [...crossing.headers(relayed, session), ...traceHeaders(exchange.headers)];
    const sent = upstreamRequest(lent, 'POST', headers, crossing.body(relayed));
    // Without a session there is nobody to answer to; nothing was offered that the upstream may ask.
    const answer = new CrossedAnswer(
      relayed,
      crossing,
      new ToldReply(exchange.reply, request.id),
      request.id,
      () => undefined,
    );
    const leaving = crossing.disconnectCancels ? (abort: () => void) => exchange.reply.whenGone(abort) : undefined;
    exchangeAcross(this.pools.of(gateway.target), sent, lent.grant, answer, leaving, settle);
  }
}
