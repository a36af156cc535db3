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
import { CallersService } from './callers/callers.service.js';
import { KeyUses } from './callers/key-uses.js';
import { KeyVerifier } from './callers/key-verifier.js';
import { TokenVerifier } from './callers/token-verifier.js';
import { ExchangeService } from './exchange/exchange.service.js';
import { LocalAnswers } from './exchange/local-answers.js';
import { JournalService } from './journal/journal.service.js';
import { StreamJournal } from './journal/stream-journal.js';
import { LegacyNews } from './listening/legacy-news.js';
import { ListeningService, type ListenWorld } from './listening/listening.service.js';
import { ModernNews } from './listening/modern-news.js';
import { SessionNews } from './listening/session-news.js';
import { Inquiries } from './lists/inquiries.js';
import { LiveListsService } from './lists/live-lists.service.js';
import { ListsService } from './lists/lists.service.js';
import { ManifestVerifier } from './routes/manifest-verifier.js';
import { ReadOnlyRouteFile } from './routes/read-only-route-file.js';
import { RouteBook } from './routes/route-book.js';
import { RouteFile } from './routes/route-file.js';
import { RoutesController } from './routes/routes.controller.js';
import { RoutesService } from './routes/routes.service.js';
import { FanOut } from './sessions/fan-out.js';
import { Initialize } from './sessions/initialize.js';
import { SessionsService } from './sessions/sessions.service.js';
import { Visits } from './sessions/visits.js';
import { ClientAnswers } from './streams/client-answers.js';
import { Refusals } from './streams/refusals.js';
import { ResumedCalls } from './streams/resumed-calls.js';
import { SealedIds } from './streams/sealed-ids.js';
import { SessionStreamsService } from './streams/session-streams.service.js';
import { UpstreamListeners } from './streams/upstream-listeners.js';
import { AskedStates } from './translation/asked-state.js';
import { InPlaceAnswers } from './translation/in-place-answers.js';
import { OneOffCalls } from './translation/one-off-calls.js';
import { OneOffSessions } from './translation/one-off-sessions.js';
import { TranslationService } from './translation/translation.service.js';
import { SseCallsService } from './sse-upstreams/sse-calls.service.js';
import { UpstreamPools } from './upstreams/upstream-pools.js';
import { UpstreamsService } from './upstreams/upstreams.service.js';
import type { WorkerPlace } from './workers/worker-place.js';

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
