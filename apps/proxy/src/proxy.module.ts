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
import { CallersService } from './auth/callers.service.js';
import { KeyUses } from './auth/key-uses.js';
import { KeyVerifier } from './auth/key-verifier.js';
import { TokenVerifier } from './auth/token-verifier.js';
import { ExchangeService } from './dispatch/dispatcher.js';
import { LocalAnswers } from './dispatch/gateway-methods.js';
import { JournalService } from './telemetry/call-log.js';
import { StreamJournal } from './telemetry/stream-log.js';
import { LegacyNews } from './notifications/sources/legacy-notifications.js';
import { ListeningService, type ListenWorld } from './notifications/subscriptions/subscriptions-listen.service.js';
import { ModernNews } from './notifications/sources/modern-notifications.js';
import { SessionNews } from './notifications/get-stream/modern-upstreams.js';
import { Inquiries } from './lists/upstream-queries.js';
import { LiveListsService } from './lists/live-lists.service.js';
import { ListsService } from './lists/lists.service.js';
import { ManifestVerifier } from './routes/snapshot/manifest-verifier.js';
import { ReadOnlyRouteFile } from './routes/snapshot/read-only-route-file.js';
import { RouteBook } from './routes/snapshot/route-table.js';
import { RouteFile } from './routes/snapshot/route-file.js';
import { RoutesController } from './routes/snapshot/routes.controller.js';
import { RoutesService } from './routes/snapshot/routes.service.js';
import { FanOut } from './upstream/session-broadcast.js';
import { Initialize } from './dispatch/initialize.js';
import { SessionsService } from './sessions/sessions.service.js';
import { Visits } from './upstream/upstream-sessions.js';
import { ClientAnswers } from './server-requests/client-responses.js';
import { Refusals } from './server-requests/refusals.js';
import { ResumedCalls } from './notifications/get-stream/call-resumption.js';
import { SealedIds } from './server-requests/sealed-ids.js';
import { SessionStreamsService } from './notifications/get-stream/session-streams.service.js';
import { UpstreamListeners } from './notifications/get-stream/upstream-streams.js';
import { AskedStates } from './calls/translation/request-state.js';
import { InPlaceAnswers } from './server-requests/in-place-answers.js';
import { OneOffCalls } from './calls/translation/ephemeral-session-calls.js';
import { OneOffSessions } from './calls/translation/ephemeral-sessions.js';
import { TranslationService } from './calls/translation/translated-call.js';
import { SseCallsService } from './calls/http-sse/http-sse-calls.js';
import { UpstreamPools } from './upstream/connection-pools.js';
import { UpstreamsService } from './calls/call-forwarder.js';
import type { WorkerPlace } from './workers/current-worker.js';

export interface ProxyParts {
  readonly settings: Settings;
  readonly bus: BusOptions;
  readonly trust: Trust;
  /** Of a proxy that is several processes: this one's place. */
  readonly place?: WorkerPlace | undefined;
}

/** How the parts of the proxy hang together; none of them knows Nest but the controller. */
@Module({})
export class ProxyModule {
  static forRoot(parts: ProxyParts, logger: Logger, lines: LineLog): DynamicModule {
    return {
      module: ProxyModule,
      imports: [
        OpsModule.forRoot({ service: 'proxy', logger, ...(parts.place && { ops: parts.place }) }),
        MessagingModule.forRoot(parts.bus),
      ],
      controllers: [RoutesController],
      providers: [...routeProviders(parts), ...callProviders(parts, lines)],
    };
  }
}

function routeProviders({ settings, trust, place }: ProxyParts): Provider[] {
  const policy = { allowed: settings.allowedUpstreams };
  const book = new RouteBook(new ManifestVerifier(trust), policy);
  const path = join(settings.home, `routes-${settings.proxyPort === 0 ? 'proxy' : settings.proxyPort}.json`);
  const file = place?.keepsRoutes === false ? new ReadOnlyRouteFile(path) : new RouteFile(path);
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
  const pools = new UpstreamPools(policy);
  return [
    ...exchangeProviders(trust, pools),
    listeningProvider(pools),
    { provide: UpstreamPools, useValue: pools },
    { provide: KeyUses, inject: [NoticePublisher], useFactory: (notices: NoticePublisher) => new KeyUses(notices) },
    {
      provide: JournalService,
      inject: [LOGGER, Metrics],
      useFactory: (logger: Logger, metrics: Metrics) => new JournalService(logger, lines, metrics),
    },
    {
      provide: StreamJournal,
      inject: [LOGGER, Metrics],
      useFactory: (logger: Logger, metrics: Metrics) => new StreamJournal(logger, metrics),
    },
    {
      provide: CallersService,
      inject: [RoutesService, KeyUses],
      useFactory: (routes: RoutesService, uses: KeyUses) => {
        const keys = new KeyVerifier(trust.callersMac(), (keyId) => routes.caller(keyId));
        return new CallersService(
          routes,
          keys,
          new TokenVerifier(pools.guardedFetch, policy),
          uses,
          settings.publicUrl,
        );
      },
    },
  ];
}

function exchangeProviders(trust: Trust, pools: UpstreamPools): Provider[] {
  const ring = trust.sessionRing();
  const visits = new Visits(pools);
  const fanOut = new FanOut(visits);
  const sessions = new SessionsService(ring.sealer('session'));
  const lists = new ListsService(ring.sealer('cursor'));
  const ids = new SealedIds(ring.sealer('request-id'), ring.sealer('event-id'));
  const refusals = new Refusals(visits);
  const clientAnswers = new ClientAnswers(ids, visits);
  const initialize = new Initialize(visits, ring.sealer('session'));
  const live = new LiveListsService(new Inquiries(pools, visits));
  const translation = translationOf(trust, pools, visits, refusals);
  const upstreams = new UpstreamsService(pools, visits, ids, refusals, translation, new SseCallsService(pools));
  const listeners = new UpstreamListeners(pools, ids, refusals, new SessionNews(new ModernNews(pools)));
  const resumed = new ResumedCalls(pools, ids, refusals);
  return [
    {
      provide: SessionStreamsService,
      inject: [CallersService, RoutesService, StreamJournal],
      useFactory: (callers: CallersService, routes: RoutesService, journal: StreamJournal) =>
        new SessionStreamsService(sessions, ids, listeners, resumed, worldOf(callers, routes), journal),
    },
    {
      provide: ExchangeService,
      inject: [CallersService, JournalService, SessionStreamsService, ListeningService],
      useFactory: (
        callers: CallersService,
        journal: JournalService,
        streams: SessionStreamsService,
        listening: ListeningService,
      ) => {
        const answers = new LocalAnswers(lists, initialize, fanOut, clientAnswers, listening, live);
        return new ExchangeService(callers, sessions, answers, upstreams, fanOut, clientAnswers, streams, journal);
      },
    },
  ];
}

function translationOf(trust: Trust, pools: UpstreamPools, visits: Visits, refusals: Refusals): TranslationService {
  const states = new AskedStates(trust.sessionRing().sealer('request-state'));
  const inPlace = new InPlaceAnswers(visits, refusals);
  return new TranslationService(pools, new OneOffCalls(pools, visits, new OneOffSessions(visits), states, inPlace));
}

function listeningProvider(pools: UpstreamPools): Provider {
  const visits = new Visits(pools);
  const inPlace = new InPlaceAnswers(visits, new Refusals(visits));
  const news = { legacy: new LegacyNews(pools, visits, inPlace), modern: new ModernNews(pools) };
  return {
    provide: ListeningService,
    inject: [CallersService, RoutesService, StreamJournal],
    useFactory: (callers: CallersService, routes: RoutesService, journal: StreamJournal) =>
      new ListeningService(worldOf(callers, routes), news, journal),
  };
}

/** What streams ask while they are open. */
function worldOf(callers: CallersService, routes: RoutesService): ListenWorld {
  return {
    identify: async (exchange) => callers.identify(exchange),
    onChange: (slug, changed) => routes.onChange(slug, changed),
  };
}
