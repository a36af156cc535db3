import type { NoticePublisher } from '@lethe/messaging';
import type { LineLog, Logger, Metrics, Settings } from '@lethe/platform';
import type { SessionRing, Trust } from '@lethe/sealing';
import { Authenticator } from './auth/callers.service.js';
import { KeyUses } from './auth/key-uses.js';
import { KeyVerifier } from './auth/key-verifier.js';
import { TokenVerifier } from './auth/token-verifier.js';
import { CallForwarder } from './calls/call-forwarder.js';
import { HttpSseCalls } from './calls/http-sse/http-sse-calls.js';
import { EphemeralSessionCalls } from './calls/translation/ephemeral-session-calls.js';
import { EphemeralSessions } from './calls/translation/ephemeral-sessions.js';
import { RequestStates } from './calls/translation/request-state.js';
import { TranslatedCalls } from './calls/translation/translated-calls.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { GatewayMethods } from './dispatch/gateway-methods.js';
import { Initialize } from './dispatch/initialize.js';
import { LiveLists } from './lists/live-lists.service.js';
import { Lists } from './lists/lists.service.js';
import { UpstreamQueries } from './lists/upstream-queries.js';
import { CallResumption } from './notifications/get-stream/call-resumption.js';
import { ModernUpstreams } from './notifications/get-stream/modern-upstreams.js';
import { type OpenStreamContext, SessionStreams } from './notifications/get-stream/session-streams.service.js';
import { UpstreamStreams } from './notifications/get-stream/upstream-streams.js';
import { LegacyNotifications } from './notifications/sources/legacy-notifications.js';
import { ModernNotifications } from './notifications/sources/modern-notifications.js';
import { SubscriptionsListen } from './notifications/subscriptions/subscriptions-listen.service.js';
import type { RoutesService } from './routes/snapshot/routes.service.js';
import { ClientResponses } from './server-requests/client-responses.js';
import { LocalResponses } from './server-requests/in-place-answers.js';
import { ServerRequestRejections } from './server-requests/refusals.js';
import { SealedIds } from './server-requests/sealed-ids.js';
import { Sessions } from './sessions/sessions.service.js';
import { CallLog } from './telemetry/call-log.js';
import { StreamLog } from './telemetry/stream-log.js';
import { ConnectionPools } from './upstream/connection-pools.js';
import { SessionBroadcast } from './upstream/session-broadcast.js';
import { UpstreamSessions } from './upstream/upstream-sessions.js';

/** What the MCP endpoint is built on. */
export interface McpEndpointInputs {
  readonly settings: Settings;
  readonly trust: Trust;
  readonly routes: RoutesService;
  readonly notices: NoticePublisher;
  readonly logger: Logger;
  readonly lines: LineLog;
  readonly metrics: Metrics;
}

/** Everything behind `/servers/{slug}/mcp`. Its parts know nothing of Nest: they are put together here, each once. */
export class McpEndpoint {
  readonly dispatcher: Dispatcher;
  readonly keyUses: KeyUses;
  private readonly pools: ConnectionPools;
  private readonly sessionStreams: SessionStreams;
  private readonly subscriptions: SubscriptionsListen;

  constructor(inputs: McpEndpointInputs) {
    const { settings, trust, routes, logger, lines, metrics } = inputs;
    const ring = trust.sessionRing();
    const pools = new ConnectionPools({ allowed: settings.allowedUpstreams });
    const shared = sharedParts(pools, ring);
    this.pools = pools;
    this.keyUses = new KeyUses(inputs.notices);
    const auth = buildAuthenticator(inputs, pools, this.keyUses);
    const context: OpenStreamContext = {
      identify: async (request) => auth.identify(request),
      onChange: (slug, changed) => routes.onChange(slug, changed),
    };
    const streamLog = new StreamLog(logger, metrics);
    this.sessionStreams = buildSessionStreams(shared, context, streamLog);
    this.subscriptions = buildSubscriptions(shared, context, streamLog);
    const { sessions, broadcast } = shared;
    this.dispatcher = new Dispatcher({
      auth,
      callLog: new CallLog(logger, lines, metrics),
      sessions,
      gatewayMethods: buildGatewayMethods(shared, ring, this.subscriptions),
      calls: buildCallForwarder(shared, ring),
      sessionStreams: this.sessionStreams,
      broadcast,
    });
  }

  /** Ends all open streams; clients go on at another replica. */
  endStreams(): void {
    this.sessionStreams.close();
    this.subscriptions.close();
  }

  /** Closes the connections to upstreams. */
  async close(): Promise<void> {
    await this.keyUses.stop();
    await this.pools.close();
  }
}

type SharedParts = ReturnType<typeof sharedParts>;

/** Parts that more than one service uses. */
function sharedParts(pools: ConnectionPools, ring: SessionRing) {
  const upstreamSessions = new UpstreamSessions(pools);
  const rejections = new ServerRequestRejections(upstreamSessions);
  return {
    pools,
    upstreamSessions,
    rejections,
    localResponses: new LocalResponses(upstreamSessions, rejections),
    modernNotifications: new ModernNotifications(pools),
    broadcast: new SessionBroadcast(upstreamSessions),
    sessions: new Sessions(ring.sealer('session')),
    ids: new SealedIds(ring.sealer('request-id'), ring.sealer('event-id')),
  };
}

function buildAuthenticator(
  { settings, trust, routes }: McpEndpointInputs,
  pools: ConnectionPools,
  uses: KeyUses,
): Authenticator {
  const policy = { allowed: settings.allowedUpstreams };
  const keys = new KeyVerifier(trust.callersMac(), (keyId) => routes.caller(keyId));
  const tokens = new TokenVerifier(pools.guardedFetch, policy);
  return new Authenticator(routes, keys, tokens, uses, settings.publicUrl);
}

function buildCallForwarder(shared: SharedParts, ring: SessionRing): CallForwarder {
  const { pools, upstreamSessions, ids, rejections, localResponses } = shared;
  const states = new RequestStates(ring.sealer('request-state'));
  const sessions = new EphemeralSessions(upstreamSessions);
  const ephemeral = new EphemeralSessionCalls(pools, upstreamSessions, sessions, states, localResponses);
  return new CallForwarder({
    pools,
    upstreamSessions,
    ids,
    rejections,
    translated: new TranslatedCalls(pools, ephemeral),
    httpSse: new HttpSseCalls(pools),
  });
}

function buildGatewayMethods(
  { pools, upstreamSessions, broadcast, ids }: SharedParts,
  ring: SessionRing,
  subscriptions: SubscriptionsListen,
): GatewayMethods {
  return new GatewayMethods({
    lists: new Lists(ring.sealer('cursor')),
    liveLists: new LiveLists(new UpstreamQueries(pools, upstreamSessions)),
    initialize: new Initialize(upstreamSessions, ring.sealer('session')),
    broadcast,
    clientResponses: new ClientResponses(ids, upstreamSessions),
    subscriptions,
  });
}

function buildSessionStreams(
  { pools, ids, rejections, sessions, modernNotifications }: SharedParts,
  context: OpenStreamContext,
  streamLog: StreamLog,
): SessionStreams {
  const upstreams = new UpstreamStreams(pools, ids, rejections, new ModernUpstreams(modernNotifications));
  const resumption = new CallResumption(pools, ids, rejections);
  return new SessionStreams(sessions, ids, upstreams, resumption, context, streamLog);
}

function buildSubscriptions(
  { pools, upstreamSessions, localResponses, modernNotifications }: SharedParts,
  context: OpenStreamContext,
  streamLog: StreamLog,
): SubscriptionsListen {
  const legacy = new LegacyNotifications(pools, upstreamSessions, localResponses);
  return new SubscriptionsListen(context, { legacy, modern: modernNotifications }, streamLog);
}
