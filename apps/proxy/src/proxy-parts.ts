import { join } from 'node:path';
import type { Bus, BusOptions } from '@lethe/messaging';
import {
  type Logger,
  type LogOutput,
  type Metrics,
  type OnServing,
  openTracer,
  Readiness,
  serviceMetrics,
  type Settings,
  type Tracer,
} from '@lethe/platform';
import type { Trust } from '@lethe/sealing';
import { ManifestVerifier } from './routes/snapshot/manifest-verifier.js';
import { ReadOnlyRouteFile, RouteFile } from './routes/snapshot/route-file.js';
import { RouteTable } from './routes/snapshot/route-table.js';
import { Routes } from './routes/snapshot/routes.js';
import { KeptGateways } from './routes/table/kept-gateways.js';
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

/** What operators see of a proxy: logs, metrics, whether it is ready, traces. */
export interface Operations {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  /** Undefined if traces are off. */
  readonly tracer: Tracer | undefined;
}

/** Opens what operators see of a proxy. */
export async function openOperations(settings: Settings, logger: Logger): Promise<Operations> {
  const readiness = new Readiness();
  const metrics = serviceMetrics('proxy', readiness);
  return { logger, metrics, readiness, tracer: await openTracer('proxy', settings, metrics, logger) };
}

/** The routes, of the file of last time, which begins to be read, and of the bus. */
export function readRoutes({ settings, trust, worker }: ProxyParts, bus: Bus, { logger, metrics }: Operations): Routes {
  const policy = { allowed: settings.allowedUpstreams };
  const kept = settings.keptCredentials ? new KeptGateways(trust.keptRing(), policy) : undefined;
  const table = new RouteTable(new ManifestVerifier(trust), policy, kept);
  const path = join(settings.home, `routes-${settings.proxyPort === 0 ? 'proxy' : settings.proxyPort}.json`);
  const file = worker?.writesRouteFile === false ? new ReadOnlyRouteFile(path) : new RouteFile(path);
  const fromFile = file.loadInto(table, Date.now());
  const { health, snapshots, requests, notices } = bus;
  return new Routes(table, file, fromFile, health, snapshots, requests, notices, logger, metrics);
}
