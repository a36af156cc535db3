import { LETHE_CLIENT_INFO } from '@lethe/mcp';
import { completeWith, type Done, promisify, runCatching } from '@lethe/platform';
import type { UpstreamSession } from '../protocol/era-rules.js';
import type { RunningCalls } from '../replicas/running-calls.js';
import type { UpstreamCall } from '../request/mcp-request.js';
import { progressTokenOf } from '../protocol/envelope.js';
import type { LocalResponses } from '../server-requests/local-responses.js';
import type { NotificationFilters } from '../server-requests/notification-filters.js';
import type { SealedIds } from '../server-requests/sealed-ids.js';
import type { SeenGateways } from '../telemetry/seen-gateways.js';
import { noServerRequests, serverRequestPolicy } from '../server-requests/server-request-policy.js';
import { type ConnectionPools, traceHeaders, upstreamRequest } from '../upstream/upstream-client.js';
import { dispatch } from '../upstream/response-handler.js';
import { sessionUnknown } from '../upstream/upstream-errors.js';
import type { UpstreamSessions } from '../upstream/upstream-sessions.js';
import { verdictOf } from './call-verdict.js';
import type { HttpSseCalls } from './http-sse/http-sse-calls.js';
import type { StreamRules } from './relay/event-stream-relay.js';
import { SameEraRelay } from './relay/same-era-relay.js';
import type { TranslatedCalls } from './translation/translated-calls.js';

/** The services that the forwarder uses; `translated` and `httpSse` forward the calls that can't be relayed unchanged. */
export interface CallForwarderParts {
  readonly pools: ConnectionPools;
  readonly upstreamSessions: UpstreamSessions;
  readonly ids: SealedIds;
  readonly localResponses: LocalResponses;
  readonly running: RunningCalls;
  readonly notifications: NotificationFilters;
  readonly translated: TranslatedCalls;
  readonly httpSse: HttpSseCalls;
  readonly seen: SeenGateways;
}

/**
 * Sends each call to its one upstream, and never sends a call twice. Where client and upstream speak the same era, the
 * bytes of the call are forwarded unchanged as far as possible.
 */
export class CallForwarder {
  constructor(private readonly parts: CallForwarderParts) {}

  /**
   * Forwards a call. Errors passed to `done`: LetheError about the upstream; `session_unknown` and `gateway_unavailable`, before
   * anything is sent; ClientDisconnected.
   */
  forward(call: UpstreamCall, done: Done): void {
    const nowMs = performance.now();
    const { gate } = call.credentials.access.gateway;
    const end: Done = (error) => {
      if (error !== undefined || !gate.isQuiet || call.upstreamStatus > 499) this.judge(call, error);
      done(error);
    };
    runCatching(() => {
      if (!gate.isQuiet) call.pass = gate.enter(nowMs);
      call.forwardedAt = nowMs;
      this.send(call, end);
    }, end);
  }

  /** Tells the gateway's gate how a call ended. */
  private judge(call: UpstreamCall, error: unknown): void {
    const [verdict, nowMs] = [verdictOf(call, error), performance.now()];
    if (call.pass) call.pass.end(verdict, nowMs);
    else call.credentials.access.gateway.gate.leave(undefined, verdict, nowMs);
  }

  /** @throws LetheError `session_unknown`, before anything is sent */
  private send(call: UpstreamCall, done: Done): void {
    const { gateway, served } = call.credentials.access;
    if (gateway.transport === 'sse') return completeWith(() => this.parts.httpSse.forward(call), done);
    if (served.era !== call.era.era) return this.parts.translated.forward(call, done);
    const upstream = call.session.upstreamSession(gateway, served);
    if (upstream === null) throw sessionUnknown(gateway);
    if (upstream) return this.relay(call, upstream, () => this.rulesInSession(call, upstream), done);
    completeWith(() => this.forwardInOwnSession(call), done);
  }

  /** Opens an upstream session for this call alone, and ends it afterwards. */
  private async forwardInOwnSession(call: UpstreamCall): Promise<void> {
    const { credentials, session } = call;
    const clientInfo = session.client?.clientInfo ?? LETHE_CLIENT_INFO;
    const version = session.versionFor(credentials.access.served);
    const upstream = await this.parts.upstreamSessions.open(
      credentials,
      version,
      clientInfo,
      session.clientCapabilities,
    );
    try {
      await promisify((done) => this.relay(call, upstream, () => this.rulesInOwnSession(call, upstream), done));
    } finally {
      void this.parts.upstreamSessions.end(credentials, upstream).catch(() => undefined);
    }
  }

  private relay(call: UpstreamCall, upstream: UpstreamSession, rules: () => StreamRules, done: Done): void {
    const { message, target, credentials, era, headers } = call;
    const protocol = era.relayHeaders(message, target.item.own, headers, upstream);
    protocol.push(...traceHeaders(call));
    const request = upstreamRequest(credentials, 'POST', protocol, era.relayBody(message, target.body));
    const isKnown = (): Promise<boolean> => this.parts.upstreamSessions.knows(credentials, upstream);
    const relay = new SameEraRelay(call, rules, isKnown, this.tracked(call, upstream, done));
    const pool = this.parts.pools.of(credentials.access.gateway.target);
    dispatch(pool, request, relay.onResponse, relay.onAbortable, relay.onEnd);
  }

  /** Lets the client of a legacy session cancel the call until it is done. */
  private tracked({ session, message, credentials }: UpstreamCall, upstream: UpstreamSession, done: Done): Done {
    const key = session.callKey(message.id);
    if (key === undefined) return done;
    const { running, upstreamSessions } = this.parts;
    const cancel = (notification: Buffer): void => upstreamSessions.cancel(credentials, upstream, notification);
    const progressKey = session.progressKey(credentials.access.gateway.slug, progressTokenOf(message.params));
    return running.trackUntil(key, { cancel, progressKey }, done);
  }

  /** In the client's session the client can answer server requests, and can resume the stream. */
  private rulesInSession(call: UpstreamCall, upstream: UpstreamSession): StreamRules {
    const { session, credentials, message, target } = call;
    const { access } = credentials;
    const item = call.caller.server.isRestricted ? target.item : undefined;
    const common = this.commonRules(call, upstream);
    if (upstream.id === undefined) {
      return { policy: noServerRequests(access), resumptionPoint: () => undefined, ...common };
    }
    const progressToken = progressTokenOf(message.params);
    const gateway = access.gateway.slug;
    return {
      policy: serverRequestPolicy(session, this.parts.ids, access, undefined),
      resumptionPoint: (id) =>
        this.parts.ids.sealResumptionPoint(session, {
          of: 'call',
          gateway,
          id,
          request: message.id,
          progressToken,
          item,
        }),
      ...common,
    };
  }

  /** The upstream session ends with the stream, so the stream can't be resumed. */
  private rulesInOwnSession(call: UpstreamCall, upstream: UpstreamSession): StreamRules {
    const policy = serverRequestPolicy(call.session, this.parts.ids, call.credentials.access, upstream);
    return { policy, resumptionPoint: () => undefined, ...this.commonRules(call, upstream) };
  }

  /** A server request that may not reach the client gets a response of Lethe's. */
  private commonRules(
    call: UpstreamCall,
    upstream: UpstreamSession,
  ): Pick<StreamRules, 'answer' | 'notifications' | 'refused'> {
    const { credentials, era, message, target } = call;
    return {
      refused: (code) => {
        const { gateway, own } = target.item;
        this.parts.seen.noteRefusal({ gateway: gateway.slug, method: message.method, own, code });
      },
      notifications: (emit) => this.parts.notifications.ofCall(call, emit),
      answer: (response) => {
        if (era.allowsServerRequests) this.parts.localResponses.send(credentials, upstream, response);
      },
    };
  }
}
