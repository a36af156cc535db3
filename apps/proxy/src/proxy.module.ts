import { join } from 'node:path';
import {
  BusHealth,
  type BusOptions,
  MessagingModule,
  NoticePublisher,
  RequestClient,
  SnapshotStore,
} from '@lethe/messaging';
import { type LineLog, LOGGER, type Logger, Metrics, OpsModule, type Settings } from '@lethe/platform';
import type { Trust } from '@lethe/sealing';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Authenticator } from './auth/callers.service.js';
import { KeyUses } from './auth/key-uses.js';
import { KeyVerifier } from './auth/key-verifier.js';
import { TokenVerifier } from './auth/token-verifier.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { GatewayMethods } from './dispatch/gateway-methods.js';
import { CallLog } from './telemetry/call-log.js';
import { StreamLog } from './telemetry/stream-log.js';
import { LegacyNotifications } from './notifications/sources/legacy-notifications.js';
import { OpenStreams } from './notifications/open-streams.js';
import { SubscriptionsListen } from './notifications/subscriptions/subscriptions-listen.js';
import { ModernNotifications } from './notifications/sources/modern-notifications.js';
import { ModernUpstreams } from './notifications/get-stream/modern-upstreams.js';
import { UpstreamQueries } from './lists/upstream-queries.js';
import { LiveLists } from './lists/live-lists.service.js';
import { Lists } from './lists/lists.service.js';
import { ManifestVerifier } from './routes/snapshot/manifest-verifier.js';
import { ReadOnlyRouteFile } from './routes/snapshot/read-only-route-file.js';
import { RouteTable } from './routes/snapshot/route-table.js';
import { RouteFile } from './routes/snapshot/route-file.js';
import { RoutesController } from './routes/snapshot/routes.controller.js';
import { RoutesService } from './routes/snapshot/routes.service.js';
import { SessionBroadcast } from './upstream/session-broadcast.js';
import { Initialize } from './dispatch/initialize.js';
import { Sessions } from './sessions/sessions.service.js';
import { UpstreamSessions } from './upstream/upstream-sessions.js';
import { ClientResponses } from './server-requests/client-responses.js';
import { CallResumption } from './notifications/get-stream/call-resumption.js';
import { SealedIds } from './server-requests/sealed-ids.js';
import { SessionStreams } from './notifications/get-stream/session-streams.js';
import { UpstreamStreams } from './notifications/get-stream/upstream-streams.js';
import { RequestStates } from './calls/translation/request-state.js';
import { LocalResponses } from './server-requests/local-responses.js';
import { EphemeralSessionCalls } from './calls/translation/ephemeral-session-calls.js';
import { EphemeralSessions } from './calls/translation/ephemeral-sessions.js';
import { TranslatedCalls } from './calls/translation/translated-call.js';
import { HttpSseCalls } from './calls/http-sse/http-sse-calls.js';
import { ConnectionPools } from './upstream/connection-pools.js';
import { CallForwarder } from './calls/call-forwarder.js';
import type { CurrentWorker } from './workers/current-worker.js';

export interface ProxyParts {
  readonly settings: Settings;
  readonly bus: BusOptions;
  readonly trust: Trust;
  /** Of a proxy that is several processes: this one's place. */
  readonly worker?: CurrentWorker | undefined;
}

/** Builds the proxy's parts. None of them knows Nest except the controller, so they are put together here by hand. */
@Module({})
export class ProxyModule {
  static forRoot(parts: ProxyParts, logger: Logger, lines: LineLog): DynamicModule {
    const pools = new ConnectionPools({ allowed: parts.settings.allowedUpstreams });
    const shared = sharedParts(parts.trust, pools);
    return {
      module: ProxyModule,
      imports: [
        OpsModule.forRoot({ service: 'proxy', logger, ...(parts.worker && { ops: parts.worker }) }),
        MessagingModule.forRoot(parts.bus),
      ],
      controllers: [RoutesController],
      providers: [
        { provide: ConnectionPools, useValue: pools },
        ...routeProviders(parts),
        ...callerProviders(parts, pools),
        ...logProviders(lines),
        ...streamProviders(shared),
        ...callProviders(shared),
      ],
    };
  }
}

function routeProviders({ settings, trust, worker }: ProxyParts): Provider[] {
  const table = new RouteTable(new ManifestVerifier(trust), { allowed: settings.allowedUpstreams });
  const path = join(settings.home, `routes-${settings.proxyPort === 0 ? 'proxy' : settings.proxyPort}.json`);
  const file = worker?.keepsRoutes === false ? new ReadOnlyRouteFile(path) : new RouteFile(path);
  // Read while the bus is being connected: neither waits for the other.
  const fromFile = file.loadInto(table, Date.now());
  const create = (
    bus: BusHealth,
    store: SnapshotStore,
    requests: RequestClient,
    logger: Logger,
    metrics: Metrics,
  ): RoutesService => new RoutesService(table, file, fromFile, bus, store, requests, logger, metrics);
  return [
    {
      provide: RoutesService,
      inject: [BusHealth, SnapshotStore, RequestClient, LOGGER, Metrics],
      useFactory: create,
    },
  ];
}

function callerProviders({ settings, trust }: ProxyParts, pools: ConnectionPools): Provider[] {
  const tokens = new TokenVerifier(pools.guardedFetch, { allowed: settings.allowedUpstreams });
  const create = (routes: RoutesService, uses: KeyUses): Authenticator => {
    const keys = new KeyVerifier(trust.callersMac(), (keyId) => routes.caller(keyId));
    return new Authenticator(routes, keys, tokens, uses, settings.publicUrl);
  };
  return [
    { provide: KeyUses, inject: [NoticePublisher], useFactory: (notices: NoticePublisher) => new KeyUses(notices) },
    { provide: Authenticator, inject: [RoutesService, KeyUses], useFactory: create },
  ];
}

function logProviders(lines: LineLog): Provider[] {
  return [
    {
      provide: CallLog,
      inject: [LOGGER, Metrics],
      useFactory: (logger: Logger, metrics: Metrics) => new CallLog(logger, lines, metrics),
    },
    {
      provide: StreamLog,
      inject: [LOGGER, Metrics],
      useFactory: (logger: Logger, metrics: Metrics) => new StreamLog(logger, metrics),
    },
  ];
}

/** What calls and streams share, each built once. */
function sharedParts(trust: Trust, pools: ConnectionPools) {
  const ring = trust.sessionRing();
  const upstreamSessions = new UpstreamSessions(pools);
  const ids = new SealedIds(ring.sealer('request-id'), ring.sealer('event-id'));
  return {
    pools,
    ring,
    upstreamSessions,
    ids,
    sessions: new Sessions(ring.sealer('session')),
    localResponses: new LocalResponses(upstreamSessions),
    modernNotifications: new ModernNotifications(pools),
  };
}

type SharedParts = ReturnType<typeof sharedParts>;

function streamProviders(shared: SharedParts): Provider[] {
  const { pools, upstreamSessions, sessions, ids, localResponses, modernNotifications } = shared;
  const upstreamStreams = new UpstreamStreams(pools, ids, localResponses, new ModernUpstreams(modernNotifications));
  const resumption = new CallResumption(pools, ids, localResponses);
  const legacy = new LegacyNotifications(pools, upstreamSessions, localResponses);
  return [
    {
      provide: OpenStreams,
      inject: [Authenticator, RoutesService],
      useFactory: (callers: Authenticator, routes: RoutesService) => new OpenStreams(callers, routes),
    },
    {
      provide: SessionStreams,
      inject: [OpenStreams, StreamLog],
      useFactory: (open: OpenStreams, log: StreamLog) =>
        new SessionStreams(sessions, ids, upstreamStreams, resumption, open, log),
    },
    {
      provide: SubscriptionsListen,
      inject: [OpenStreams, StreamLog],
      useFactory: (open: OpenStreams, log: StreamLog) =>
        new SubscriptionsListen(open, { legacy, modern: modernNotifications }, log),
    },
  ];
}

function callProviders(shared: SharedParts): Provider[] {
  const { pools, ring, upstreamSessions, sessions, ids, localResponses } = shared;
  const broadcast = new SessionBroadcast(upstreamSessions);
  const lists = new Lists(ring.sealer('cursor'));
  const liveLists = new LiveLists(new UpstreamQueries(pools, upstreamSessions));
  const initialize = new Initialize(upstreamSessions, ring.sealer('session'));
  const responses = new ClientResponses(ids, upstreamSessions);
  const sse = new HttpSseCalls(pools);
  const calls = new CallForwarder(pools, upstreamSessions, ids, localResponses, translatedCalls(shared), sse);
  const create = (
    callers: Authenticator,
    log: CallLog,
    streams: SessionStreams,
    subscriptions: SubscriptionsListen,
  ): Dispatcher => {
    const methods = new GatewayMethods(lists, initialize, broadcast, responses, subscriptions, liveLists);
    return new Dispatcher(callers, sessions, methods, calls, broadcast, responses, streams, log);
  };
  return [
    {
      provide: Dispatcher,
      inject: [Authenticator, CallLog, SessionStreams, SubscriptionsListen],
      useFactory: create,
    },
  ];
}

function translatedCalls({ pools, ring, upstreamSessions, localResponses }: SharedParts): TranslatedCalls {
  const states = new RequestStates(ring.sealer('request-state'));
  const sessions = new EphemeralSessions(upstreamSessions);
  const ephemeral = new EphemeralSessionCalls(pools, upstreamSessions, sessions, states, localResponses);
  return new TranslatedCalls(pools, ephemeral);
}
