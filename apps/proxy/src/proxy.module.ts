import { join } from 'node:path';
import {
  BusHealth,
  type BusOptions,
  MessagingModule,
  NoticePublisher,
  RequestClient,
  SnapshotStore,
} from '@lethe/messaging';
import {
  type LineLog,
  LOGGER,
  type Logger,
  type LogOutput,
  Metrics,
  type OnServing,
  OpsModule,
  type Settings,
  type Tracer,
  TRACER,
} from '@lethe/platform';
import type { Trust } from '@lethe/sealing';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { McpEndpoint } from './mcp-endpoint.js';
import { ManifestVerifier } from './routes/snapshot/manifest-verifier.js';
import { ReadOnlyRouteFile, RouteFile } from './routes/snapshot/route-file.js';
import { RouteTable } from './routes/snapshot/route-table.js';
import { RoutesController } from './routes/snapshot/routes.controller.js';
import { Routes } from './routes/snapshot/routes.js';
import { KeptGateways } from './routes/table/kept-gateways.js';
import { ReplicaMessagesController } from './replica-messages.controller.js';
import { EndedSessions } from './sessions/ended-sessions.js';
import { SessionEndedController } from './sessions/session-ended.controller.js';
import type { UpstreamTiming } from './upstream/upstream-timing.js';
import type { CurrentWorker } from './workers/current-worker.js';

/** Everything that a proxy is started with. */
export interface ProxyParts {
  readonly settings: Settings;
  readonly bus: BusOptions;
  readonly trust: Trust;
  readonly timing?: UpstreamTiming;
  /** This process, if the proxy runs in several. */
  readonly worker?: CurrentWorker | undefined;
  /** Where log lines go; standard output otherwise. */
  readonly output?: LogOutput;
  /** Called as soon as it listens: with the routes of its file it serves while the start still waits for the bus. */
  readonly onServing?: OnServing;
  /** Origins of pages that may send requests, besides those of the settings: the console's, if its registry is in this process. */
  readonly pageOrigins?: readonly string[];
}

/** The Nest module of the proxy: operations, the bus, the routes, and the MCP endpoint as one provider. */
@Module({})
export class ProxyModule {
  static forRoot(parts: ProxyParts, logger: Logger, lines: LineLog): DynamicModule {
    return {
      module: ProxyModule,
      imports: [
        OpsModule.forRoot({
          service: 'proxy',
          settings: parts.settings,
          logger,
          ...(parts.worker && { ops: parts.worker }),
        }),
        MessagingModule.forRoot(parts.bus),
      ],
      controllers: [RoutesController, SessionEndedController, ReplicaMessagesController],
      providers: [routesProvider(parts), endedSessionsProvider(), endpointProvider(parts, lines)],
    };
  }
}

function routesProvider({ settings, trust, worker }: ProxyParts): Provider {
  const policy = { allowed: settings.allowedUpstreams };
  const kept = settings.keptCredentials ? new KeptGateways(trust.keptRing(), policy) : undefined;
  const table = new RouteTable(new ManifestVerifier(trust), policy, kept);
  const path = join(settings.home, `routes-${settings.proxyPort === 0 ? 'proxy' : settings.proxyPort}.json`);
  const file = worker?.writesRouteFile === false ? new ReadOnlyRouteFile(path) : new RouteFile(path);
  // The file is read while the bus is being connected.
  const fromFile = file.loadInto(table, Date.now());
  return {
    provide: Routes,
    inject: [BusHealth, SnapshotStore, RequestClient, NoticePublisher, LOGGER, Metrics],
    useFactory: (
      bus: BusHealth,
      store: SnapshotStore,
      requests: RequestClient,
      notices: NoticePublisher,
      logger: Logger,
      metrics: Metrics,
    ): Routes => new Routes(table, file, fromFile, bus, store, requests, notices, logger, metrics),
  };
}

function endedSessionsProvider(): Provider {
  return {
    provide: EndedSessions,
    inject: [NoticePublisher],
    useFactory: (notices: NoticePublisher): EndedSessions => new EndedSessions(notices),
  };
}

function endpointProvider({ settings, trust, timing, pageOrigins }: ProxyParts, lines: LineLog): Provider {
  return {
    provide: McpEndpoint,
    inject: [Routes, NoticePublisher, RequestClient, EndedSessions, LOGGER, Metrics, TRACER],
    useFactory: (
      routes: Routes,
      notices: NoticePublisher,
      requests: RequestClient,
      endedSessions: EndedSessions,
      logger: Logger,
      metrics: Metrics,
      tracer: Tracer | undefined,
    ): McpEndpoint => {
      const given = { settings, trust, timing, pageOrigins, logger, lines, metrics, tracer };
      return new McpEndpoint({ ...given, routes, notices, requests, endedSessions });
    },
  };
}
