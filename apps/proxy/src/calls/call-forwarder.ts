import { LetheError } from '@lethe/platform';
import { completeWith, type Done } from '../http/completion.js';
import type { UpstreamCall } from '../request/mcp-request.js';
import type { HttpSseCalls } from './http-sse/http-sse-calls.js';
import type { SameEraCalls } from './relay/same-era-calls.js';
import type { TranslatedCalls } from './translation/translated-call.js';

/** Ways of sending a call to its upstream, by the upstream's transport and era. */
export interface CallForwarderParts {
  readonly sameEra: SameEraCalls;
  readonly translated: TranslatedCalls;
  readonly httpSse: HttpSseCalls;
}

/** Sends each call to the one upstream that it is for. Nothing is ever sent twice. */
export class CallForwarder {
  constructor(private readonly parts: CallForwarderParts) {}

  /**
   * Errors for `done`: LetheError about the upstream, `session_unknown`; ClientDisconnected.
   * @throws LetheError `session_unknown`, before anything was sent
   */
  forward(call: UpstreamCall, done: Done): void {
    const { gateway } = call.credentials.access;
    if (gateway.transport === 'sse') return completeWith(() => this.parts.httpSse.forward(call), done);
    if (gateway.era !== call.era.era) return this.parts.translated.forward(call, done);
    const upstream = call.session.upstreamSession(gateway);
    if (upstream === null) throw new LetheError('session_unknown');
    if (upstream) return this.parts.sameEra.forward(call, upstream, done);
    completeWith(() => this.parts.sameEra.forwardInOwnSession(call), done);
  }
}
