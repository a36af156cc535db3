import type { NoticePublisher, RequestClient } from '@lethe/messaging';
import {
  type AddressedRequest,
  type LineLog,
  type Logger,
  type Metrics,
  RefusedCallers,
  type Settings,
  type Tracer,
} from '@lethe/platform';
import type { SessionRing, Trust } from '@lethe/sealing';
import { Authenticator } from './auth/authenticator.js';
import { CallerKeys } from './auth/caller-keys.js';
import { RefusedRequests } from './auth/refused-requests.js';
import { TokenVerifier } from './auth/token-verifier.js';
import { CallForwarder } from './calls/call-forwarder.js';
import { HttpSseCalls } from './calls/http-sse/http-sse-calls.js';
import { EphemeralSessionCalls } from './calls/translation/ephemeral-session-calls.js';
import { EphemeralSessions } from './calls/translation/ephemeral-sessions.js';
import { InputRoundTrips } from './calls/translation/input-round-trips.js';
import { RequestStates } from './calls/translation/request-state.js';
import { TranslatedCalls } from './calls/translation/translated-calls.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { FailureSender } from './dispatch/failure-sender.js';
import { GatewayMethods } from './dispatch/gateway-methods.js';
import { Initialize } from './dispatch/initialize.js';
import { HostOriginPolicy, hostOriginRules } from './http/request/host-origin-policy.js';
import { CallLimits } from './limits/call-limits.js';
import { LiveLists } from './lists/live-lists.js';
import { Lists } from './lists/lists.js';
import { UpstreamQueries } from './lists/upstream-queries.js';
import { CallResumption } from './notifications/get-stream/call-resumption.js';
import { ModernUpstreams } from './notifications/get-stream/modern-upstreams.js';
import { SessionStreams } from './notifications/get-stream/session-streams.js';
import { UpstreamStreams } from './notifications/get-stream/upstream-streams.js';
import { LegacyNotifications } from './notifications/sources/legacy-notifications.js';
import { ModernNotifications } from './notifications/sources/modern-notifications.js';
import { OpenStreams } from './notifications/open-streams.js';
import { SubscriptionsListen } from './notifications/subscriptions/subscriptions-listen.js';
import { PendingInputs } from './replicas/pending-inputs.js';
import { ReplicaMessages } from './replicas/replica-messages.js';
import { RunningCalls } from './replicas/running-calls.js';
import type { Routes } from './routes/snapshot/routes.js';
import type { KeptGateways } from './routes/table/kept-gateways.js';
import { ClientResponses } from './server-requests/client-responses.js';
import { NotificationFilters } from './server-requests/notification-filters.js';
import { LocalResponses } from './server-requests/local-responses.js';
import { SealedIds } from './server-requests/sealed-ids.js';
import type { EndedSessions } from './sessions/ended-sessions.js';
import { Sessions } from './sessions/sessions.js';
import { CallLog } from './telemetry/call-log.js';
import { CallTraces } from './telemetry/call-traces.js';
import { logCircuits } from './telemetry/circuit-log.js';
import { DroppedNotifications } from './telemetry/dropped-notifications.js';
import { logKeptTokens } from './telemetry/kept-log.js';
import { KeptRefusals } from './telemetry/kept-refusals.js';
import { SeenCalls } from './telemetry/seen-calls.js';
import { SeenGateways } from './telemetry/seen-gateways.js';
import { StreamLog } from './telemetry/stream-log.js';
import { ConnectionPools } from './upstream/upstream-client.js';
import { SessionBroadcast } from './upstream/session-broadcast.js';
import { UpstreamSessions } from './upstream/upstream-sessions.js';
import type { UpstreamTiming } from './upstream/upstream-timing.js';

/** The services that the MCP endpoint needs. */
export interface McpEndpointInputs {
  readonly settings: Settings;
  /** Origins of pages that may send requests, besides those of the settings. */
  readonly pageOrigins?: readonly string[] | undefined;
  readonly trust: Trust;
  readonly timing: UpstreamTiming | undefined;
  readonly routes: Routes;
  readonly notices: NoticePublisher;
  readonly requests: RequestClient;
  readonly endedSessions: EndedSessions;
  readonly logger: Logger;
  readonly lines: LineLog;
  readonly metrics: Metrics;
  /** Undefined if traces are off. */
  readonly tracer: Tracer | undefined;
}

/** Everything behind `/servers/{slug}/mcp`. Its parts do not use Nest: they are created here, each once (ADR 0016). */
export class McpEndpoint {
  readonly dispatcher: Dispatcher;
  readonly policy: HostOriginPolicy;
  readonly auth: Authenticator;
  readonly refused: RefusedRequests;
  readonly callerKeys: CallerKeys;
  readonly replicaMessages: ReplicaMessages;
  private readonly pools: ConnectionPools;
  private readonly openStreams: OpenStreams;
  private readonly kept: KeptGateways | undefined;
  private readonly seen: SeenGateways;
  private readonly seenCalls: SeenCalls;
  private readonly keptRefusals: KeptRefusals;
  private readonly refusedCallers: RefusedCallers;

  constructor(inputs: McpEndpointInputs) {
    const { settings, trust, routes, logger, lines, metrics, tracer } = inputs;
    const ring = trust.sessionRing();
    const pools = new ConnectionPools({ allowed: settings.allowedUpstreams }, inputs.timing);
    this.refusedCallers = new RefusedCallers('proxy', settings.trustedProxies, logger, metrics);
    this.refused = new RefusedRequests(this.refusedCallers);
    const addressOf = (from: AddressedRequest): string => this.refusedCallers.addressOf(from);
    const traces = tracer && new CallTraces(tracer);
    const streamLog = new StreamLog(logger, metrics, addressOf);
    this.seenCalls = new SeenCalls(inputs.notices, routes.replica, () => streamLog.openStreams());
    const callLog = new CallLog(logger, lines, metrics, traces, addressOf, this.seenCalls);
    const takeRejected = (): string[] => routes.table.kept?.takeRejected() ?? [];
    this.seen = new SeenGateways(inputs.notices, () => callLog.takeSeen(), takeRejected);
    const shared = sharedParts(inputs, pools, ring, this.seen);
    this.pools = pools;
    this.replicaMessages = shared.replicas;
    this.callerKeys = new CallerKeys(trust.callersMac(), (keyId) => routes.table.caller(keyId), inputs.notices);
    this.auth = buildAuthenticator(inputs, pools, this.callerKeys);
    this.kept = routes.table.kept;
    this.openStreams = new OpenStreams(this.auth, routes);
    logCircuits(routes.table.gates, logger, metrics);
    this.keptRefusals = new KeptRefusals(routes, inputs.notices, logger);
    logKeptTokens(this.kept, logger, metrics);
    const subscriptions = buildSubscriptions(shared, this.openStreams, streamLog);
    const { sessions, broadcast } = shared;
    this.policy = new HostOriginPolicy(hostOriginRules(settings, inputs.pageOrigins));
    this.dispatcher = new Dispatcher({
      policy: this.policy,
      auth: this.auth,
      callLog,
      sessions,
      gatewayMethods: buildGatewayMethods(shared, ring, subscriptions),
      limits: new CallLimits(),
      calls: buildCallForwarder(shared, ring),
      sessionStreams: buildSessionStreams(shared, this.openStreams, streamLog),
      broadcast,
      failures: new FailureSender(logger, this.refused),
    });
  }

  /** Begins to report to the registry. */
  start(): void {
    this.callerKeys.start();
    this.seen.start();
    this.seenCalls.start();
    this.keptRefusals.start();
  }

  /** Ends all open streams. Clients open them again at another replica. */
  endStreams(): void {
    this.openStreams.close();
  }

  /** Closes the connections to upstreams, and drops what is kept for them. */
  async close(): Promise<void> {
    this.kept?.close();
    await this.callerKeys.stop();
    await this.seen.stop();
    await this.seenCalls.stop();
    this.keptRefusals.stop();
    this.refusedCallers.summarise();
    await this.pools.close();
  }
}

type SharedParts = ReturnType<typeof sharedParts>;

/** Parts that more than one service uses. */
function sharedParts(given: McpEndpointInputs, pools: ConnectionPools, ring: SessionRing, seen: SeenGateways) {
  const { notices, requests, endedSessions, metrics } = given;
  const upstreamSessions = new UpstreamSessions(pools);
  const inputs = new PendingInputs();
  const running = new RunningCalls();
  const sealer = ring.sealer('replica-message');
  return {
    inputs,
    running,
    seen,
    notifications: new NotificationFilters(running, new DroppedNotifications(metrics), seen),
    replicas: new ReplicaMessages({ requests, notices, sealer, inputs, calls: running }),
    pools,
    upstreamSessions,
    localResponses: new LocalResponses(upstreamSessions),
    modernNotifications: new ModernNotifications(pools),
    broadcast: new SessionBroadcast(upstreamSessions),
    sessions: new Sessions(ring.sealer('session'), endedSessions),
    ids: new SealedIds(ring.sealer('request-id'), ring.sealer('event-id')),
  };
}

function buildAuthenticator(
  { settings, routes }: McpEndpointInputs,
  pools: ConnectionPools,
  keys: CallerKeys,
): Authenticator {
  const tokens = new TokenVerifier(pools.guardedFetch, { allowed: settings.allowedUpstreams });
  return new Authenticator(routes.table, keys, tokens, settings.publicUrl);
}

function buildCallForwarder(shared: SharedParts, ring: SessionRing): CallForwarder {
  const { pools, upstreamSessions, ids, localResponses, inputs, running, notifications } = shared;
  const states = new RequestStates(ring.sealer('request-state'));
  const sessions = new EphemeralSessions(upstreamSessions);
  const ephemeral = new EphemeralSessionCalls(pools, upstreamSessions, sessions, states, localResponses, notifications);
  const { inputMs } = pools.timing;
  const roundTrips = new InputRoundTrips({ pools, inputs, ids, running, notifications, inputMs });
  return new CallForwarder({
    pools,
    upstreamSessions,
    ids,
    localResponses,
    running,
    notifications,
    translated: new TranslatedCalls(pools, ephemeral, roundTrips, notifications),
    httpSse: new HttpSseCalls(pools, notifications),
    seen: shared.seen,
  });
}

function buildGatewayMethods(
  { pools, upstreamSessions, broadcast, ids, replicas }: SharedParts,
  ring: SessionRing,
  subscriptions: SubscriptionsListen,
): GatewayMethods {
  return new GatewayMethods({
    lists: new Lists(ring.sealer('cursor')),
    liveLists: new LiveLists(new UpstreamQueries(pools, upstreamSessions), pools.timing.liveListMs),
    initialize: new Initialize(upstreamSessions, ring.sealer('session')),
    broadcast,
    clientResponses: new ClientResponses(ids, upstreamSessions, replicas),
    subscriptions,
    replicas,
  });
}

function buildSessionStreams(shared: SharedParts, openStreams: OpenStreams, streamLog: StreamLog): SessionStreams {
  const { pools, upstreamSessions, ids, localResponses, notifications } = shared;
  const modern = new ModernUpstreams(shared.modernNotifications, notifications);
  const upstreams = new UpstreamStreams(pools, upstreamSessions, ids, localResponses, notifications, modern);
  const resumption = new CallResumption(pools, upstreamSessions, ids, localResponses, shared.running, notifications);
  return new SessionStreams(shared.sessions, ids, upstreams, resumption, openStreams, streamLog);
}

function buildSubscriptions(
  { pools, upstreamSessions, localResponses, modernNotifications, notifications }: SharedParts,
  openStreams: OpenStreams,
  streamLog: StreamLog,
): SubscriptionsListen {
  const legacy = new LegacyNotifications(pools, upstreamSessions, localResponses);
  return new SubscriptionsListen(openStreams, { legacy, modern: modernNotifications }, notifications, streamLog);
}
