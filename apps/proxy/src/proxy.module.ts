import { join } from 'node:path';
import { type BusOptions, MessagingModule, NoticePublisher, RequestClient, SnapshotStore } from '@lethe/messaging';
import { LOGGER, type Logger, Metrics, OpsModule, type Settings } from '@lethe/platform';
import type { Trust } from '@lethe/sealing';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { CallersService } from './callers/callers.service.js';
import { KeyUses } from './callers/key-uses.js';
import { KeyVerifier } from './callers/key-verifier.js';
import { TokenVerifier } from './callers/token-verifier.js';
import { ExchangeService } from './exchange/exchange.service.js';
import { LocalAnswers } from './exchange/local-answers.js';
import { JournalService } from './journal/journal.service.js';
import { Inquiries } from './lists/inquiries.js';
import { LiveListsService } from './lists/live-lists.service.js';
import { ListsService } from './lists/lists.service.js';
import { ManifestVerifier } from './routes/manifest-verifier.js';
import { RouteBook } from './routes/route-book.js';
import { RouteFile } from './routes/route-file.js';
import { RoutesController } from './routes/routes.controller.js';
import { RoutesService } from './routes/routes.service.js';
import { FanOut } from './sessions/fan-out.js';
import { Initialize } from './sessions/initialize.js';
import { SessionsService } from './sessions/sessions.service.js';
import { Visits } from './sessions/visits.js';
import { SseCallsService } from './sse-upstreams/sse-calls.service.js';
import { UpstreamPools } from './upstreams/upstream-pools.js';
import { UpstreamsService } from './upstreams/upstreams.service.js';

export interface ProxyParts {
  readonly settings: Settings;
  readonly bus: BusOptions;
  readonly trust: Trust;
}

/** How the parts of the proxy hang together; none of them knows Nest but the controller. */
@Module({})
export class ProxyModule {
  static forRoot(parts: ProxyParts, logger: Logger): DynamicModule {
    return {
      module: ProxyModule,
      imports: [OpsModule.forRoot({ service: 'proxy', logger }), MessagingModule.forRoot(parts.bus)],
      controllers: [RoutesController],
      providers: [...routeProviders(parts), ...callProviders(parts)],
    };
  }
}

function routeProviders({ settings, trust }: ProxyParts): Provider[] {
  const policy = { allowed: settings.allowedUpstreams };
  const book = new RouteBook(new ManifestVerifier(trust), policy);
  const file = new RouteFile(
    join(settings.home, `routes-${settings.proxyPort === 0 ? 'proxy' : settings.proxyPort}.json`),
  );
  return [
    {
      provide: RoutesService,
      inject: [SnapshotStore, RequestClient, LOGGER, Metrics],
      useFactory: (store: SnapshotStore, requests: RequestClient, logger: Logger, metrics: Metrics) =>
        new RoutesService(book, file, store, requests, logger, metrics),
    },
  ];
}

function callProviders({ settings, trust }: ProxyParts): Provider[] {
  const policy = { allowed: settings.allowedUpstreams };
  const pools = new UpstreamPools(policy);
  return [
    exchangeProvider(trust, pools),
    { provide: UpstreamPools, useValue: pools },
    { provide: KeyUses, inject: [NoticePublisher], useFactory: (notices: NoticePublisher) => new KeyUses(notices) },
    {
      provide: JournalService,
      inject: [LOGGER, Metrics],
      useFactory: (logger: Logger, metrics: Metrics) => new JournalService(logger, metrics),
    },
    {
      provide: CallersService,
      inject: [RoutesService, KeyUses],
      useFactory: (routes: RoutesService, uses: KeyUses) => {
        const keys = new KeyVerifier(trust.rowsMac(), (keyId) => routes.caller(keyId));
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

function exchangeProvider(trust: Trust, pools: UpstreamPools): Provider {
  const visits = new Visits(pools);
  const sessions = trust.sessionRing().sealer('session');
  const fanOut = new FanOut(visits);
  const lists = new ListsService(trust.sessionRing().sealer('cursor'));
  const live = new LiveListsService(new Inquiries(pools, visits));
  const answers = new LocalAnswers(lists, new Initialize(visits, sessions), fanOut, live);
  const upstreams = new UpstreamsService(pools, visits, new SseCallsService(pools));
  return {
    provide: ExchangeService,
    inject: [CallersService, JournalService],
    useFactory: (callers: CallersService, journal: JournalService) =>
      new ExchangeService(callers, new SessionsService(sessions), answers, upstreams, fanOut, journal),
  };
}
