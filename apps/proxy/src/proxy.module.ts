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
import { SubscriptionsListen, type ListenContext } from './notifications/subscriptions/subscriptions-listen.service.js';
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
import { ServerRequestRejections } from './server-requests/refusals.js';
import { CallResumption } from './notifications/get-stream/call-resumption.js';
import { SealedIds } from './server-requests/sealed-ids.js';
import { SessionStreams } from './notifications/get-stream/session-streams.service.js';
import { UpstreamStreams } from './notifications/get-stream/upstream-streams.js';
import { RequestStates } from './calls/translation/request-state.js';
import { LocalResponses } from './server-requests/in-place-answers.js';
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

/** How the parts of the proxy hang together; none of them knows Nest but the controller. */
@Module({})
export class ProxyModule {
  static forRoot(parts: ProxyParts, logger: Logger, lines: LineLog): DynamicModule {
    return {
      module: ProxyModule,
      imports: [
        OpsModule.forRoot({ service: 'proxy', logger, ...(parts.worker && { ops: parts.worker }) }),
        MessagingModule.forRoot(parts.bus),
      ],
      controllers: [RoutesController],
      providers: [...routeProviders(parts), ...callProviders(parts, lines)],
    };
  }
}

function routeProviders({ settings, trust, worker }: ProxyParts): Provider[] {
  const policy = { allowed: settings.allowedUpstreams };
  const book = new RouteTable(new ManifestVerifier(trust), policy);
  const path = join(settings.home, `routes-${settings.proxyPort === 0 ? 'proxy' : settings.proxyPort}.json`);
  const file = worker?.keepsRoutes === false ? new ReadOnlyRouteFile(path) : new RouteFile(path);
  // Read while the bus is dialled: neither waits for the other.
  const fromFile = file.loadInto(book, Date.now());
  return [
    {
      provide: RoutesService,
      inject: [BusHealth, SnapshotStore, RequestClient, LOGGER, Metrics],
      useFactory: (
        ...[bus, store, requests, logger, metrics]: [BusHealth, SnapshotStore, RequestClient, Logger, Metrics]
      ) => new RoutesService(book, file, fromFile, bus, store, requests, logger, metrics),
    },
  ];
}

function callProviders({ settings, trust }: ProxyParts, lines: LineLog): Provider[] {
  const policy = { allowed: settings.allowedUpstreams };
  const pools = new ConnectionPools(policy);
  return [
    ...exchangeProviders(trust, pools),
    listeningProvider(pools),
    { provide: ConnectionPools, useValue: pools },
    { provide: KeyUses, inject: [NoticePublisher], useFactory: (notices: NoticePublisher) => new KeyUses(notices) },
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
    {
      provide: Authenticator,
      inject: [RoutesService, KeyUses],
      useFactory: (routes: RoutesService, uses: KeyUses) => {
        const keys = new KeyVerifier(trust.callersMac(), (keyId) => routes.caller(keyId));
        return new Authenticator(routes, keys, new TokenVerifier(pools.guardedFetch, policy), uses, settings.publicUrl);
      },
    },
  ];
}

function exchangeProviders(trust: Trust, pools: ConnectionPools): Provider[] {
  const ring = trust.sessionRing();
  const upstreamSessions = new UpstreamSessions(pools);
  const broadcast = new SessionBroadcast(upstreamSessions);
  const sessions = new Sessions(ring.sealer('session'));
  const lists = new Lists(ring.sealer('cursor'));
  const ids = new SealedIds(ring.sealer('request-id'), ring.sealer('event-id'));
  const rejections = new ServerRequestRejections(upstreamSessions);
  const clientAnswers = new ClientResponses(ids, upstreamSessions);
  const initialize = new Initialize(upstreamSessions, ring.sealer('session'));
  const live = new LiveLists(new UpstreamQueries(pools, upstreamSessions));
  const translation = translationOf(trust, pools, upstreamSessions, rejections);
  const upstreams = new CallForwarder(pools, upstreamSessions, ids, rejections, translation, new HttpSseCalls(pools));
  const listeners = new UpstreamStreams(pools, ids, rejections, new ModernUpstreams(new ModernNotifications(pools)));
  const resumed = new CallResumption(pools, ids, rejections);
  return [
    {
      provide: SessionStreams,
      inject: [Authenticator, RoutesService, StreamLog],
      useFactory: (callers: Authenticator, routes: RoutesService, callLog: StreamLog) =>
        new SessionStreams(sessions, ids, listeners, resumed, worldOf(callers, routes), callLog),
    },
    {
      provide: Dispatcher,
      inject: [Authenticator, CallLog, SessionStreams, SubscriptionsListen],
      useFactory: (
        callers: Authenticator,
        callLog: CallLog,
        streams: SessionStreams,
        listening: SubscriptionsListen,
      ) => {
        const answers = new GatewayMethods(lists, initialize, broadcast, clientAnswers, listening, live);
        return new Dispatcher(callers, sessions, answers, upstreams, broadcast, clientAnswers, streams, callLog);
      },
    },
  ];
}

function translationOf(
  trust: Trust,
  pools: ConnectionPools,
  upstreamSessions: UpstreamSessions,
  rejections: ServerRequestRejections,
): TranslatedCalls {
  const states = new RequestStates(trust.sessionRing().sealer('request-state'));
  const inPlace = new LocalResponses(upstreamSessions, rejections);
  return new TranslatedCalls(
    pools,
    new EphemeralSessionCalls(pools, upstreamSessions, new EphemeralSessions(upstreamSessions), states, inPlace),
  );
}

function listeningProvider(pools: ConnectionPools): Provider {
  const upstreamSessions = new UpstreamSessions(pools);
  const inPlace = new LocalResponses(upstreamSessions, new ServerRequestRejections(upstreamSessions));
  const news = {
    legacy: new LegacyNotifications(pools, upstreamSessions, inPlace),
    modern: new ModernNotifications(pools),
  };
  return {
    provide: SubscriptionsListen,
    inject: [Authenticator, RoutesService, StreamLog],
    useFactory: (callers: Authenticator, routes: RoutesService, callLog: StreamLog) =>
      new SubscriptionsListen(worldOf(callers, routes), news, callLog),
  };
}

/** What streams ask while they are open. */
function worldOf(callers: Authenticator, routes: RoutesService): ListenContext {
  return {
    identify: async (exchange) => callers.identify(exchange),
    onChange: (slug, changed) => routes.onChange(slug, changed),
  };
}
