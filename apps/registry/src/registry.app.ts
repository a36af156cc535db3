import { BusHealth, connectResponders } from '@lethe/messaging';
import { Database, migrate, OutboxRelay } from '@lethe/persistence';
import {
  acceptJsonBodies,
  type ConnectionLimits,
  createLogger,
  fastifyOptions,
  listen,
  logRequests,
  Metrics,
  NestLogger,
  problemErrors,
  ProblemFilter,
  Readiness,
  type RunningService,
  type Settings,
  type Tracer,
  TRACER,
  traceRequests,
  validationPipe,
  watchConnections,
} from '@lethe/platform';
import { MikroORM } from '@mikro-orm/postgresql';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ForgetActivity } from './activity/forget-activity.job.js';
import { RecordCalls } from './activity/record-calls.job.js';
import { AdminMarks } from './admins/admin-marks.service.js';
import { hasIdentity } from './admins/admin-identity.js';
import { openConsole } from './console/open-console.js';
import { EventStreams } from './events/event-streams.service.js';
import { FirstAdmin } from './admins/first-admin.job.js';
import { KeepAuditMark } from './audit/audit-mark.job.js';
import { Findings } from './audit/trail/findings.service.js';
import { serveOpenApi } from './openapi.js';
import { RegistryModule, type RegistryParts } from './registry.module.js';
import { AnnounceRoutes } from './publishing/announce-routes.job.js';
import { RestoreBuckets } from './publishing/restore-buckets.job.js';
import { refuseOtherMethods } from './rest/allowed-methods.js';
import { answerConditionally } from './rest/conditional-reads.js';
import { ReadBackGuard } from './rest/read-back.guard.js';
import { acceptSealedBodies } from './rest/sealed-body.js';
import { acceptDocuments } from './transfer/unread-body.js';
import { CountReviews } from './verifications/count-reviews.job.js';
import { ForgetVerifications } from './verifications/forget-verifications.job.js';
import { KeepSearchIndex } from './search/keep-search-index.job.js';
import { SweepVerifications } from './verifications/sweep-verifications.job.js';

/** A started registry. */
export interface RunningRegistry extends RunningService {
  /** Undefined where the console is not served. */
  consoleUrl: string | undefined;
}

/** Starts a registry: migrations, first administrator, REST API and console, responders, jobs. */
export async function startRegistry(parts: RegistryParts): Promise<RunningRegistry> {
  const logger = createLogger('registry', parts.settings.logLevel);
  const clientErrors = problemErrors();
  const app = await NestFactory.create<NestFastifyApplication>(
    RegistryModule.forRoot(parts, logger),
    new FastifyAdapter(fastifyOptions({ clientErrors })),
    { logger: new NestLogger(logger), abortOnError: false },
  );
  try {
    app.useGlobalFilters(new ProblemFilter(logger));
    app.useGlobalGuards(new ReadBackGuard());
    app.useGlobalPipes(validationPipe());
    logRequests(app, logger);
    const tracer = app.get<Tracer | undefined>(TRACER);
    if (tracer) traceRequests(app, tracer, hasIdentity);
    serveRest(app);
    const hasConsole = await openConsole(app, parts, logger);
    app.get(Readiness).register('database', () => app.get(Database).isReachable());
    // Without the bus it still accepts changes, but they wait in the outbox and nothing can be verified: another one may have it.
    app.get(Readiness).register('bus', () => app.get(BusHealth).isConnected());
    const newer = await migrate(app.get(MikroORM), logger);
    if (newer.length > 0)
      logger.warn({ migrations: newer }, 'A newer version has migrated the database; this one runs on');
    await app.get(FirstAdmin).run();
    connectResponders(app);
    await app.startAllMicroservices();
    // Before the first request, because nothing older than the published state may be signed or let in.
    await Promise.all([app.get(RestoreBuckets).start(), app.get(AdminMarks).start()]);
    const { maxConnections, unreadTimeoutSeconds, trustedProxies } = parts.settings;
    const limits: ConnectionLimits = { service: 'registry', maxConnections, unreadTimeoutSeconds, trustedProxies };
    const { server } = app.getHttpAdapter().getInstance();
    clientErrors.attach(server);
    watchConnections(server, limits, clientErrors, app.get(Metrics));
    const { registryPort: port, host } = parts.settings;
    const url = await listen(app, { service: 'registry', setting: 'REGISTRY_PORT', port, host }, logger);
    startJobs(app);
    return { url, consoleUrl: hasConsole ? `${url}/console/` : undefined, close: () => close(app, parts.settings) };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** What holds for every route, before there is one. */
function serveRest(app: NestFastifyApplication): void {
  refuseOtherMethods(app);
  answerConditionally(app);
  acceptJsonBodies(app);
  acceptSealedBodies(app);
  acceptDocuments(app, ['/v1/import']);
  serveOpenApi(app);
}

function startJobs(app: NestFastifyApplication): void {
  app.get(OutboxRelay).start();
  app.get(SweepVerifications).start();
  app.get(ForgetVerifications).start();
  app.get(CountReviews).start();
  app.get(AnnounceRoutes).start();
  app.get(KeepAuditMark).start();
  app.get(KeepSearchIndex).start();
  app.get(RecordCalls).start();
  app.get(ForgetActivity).start();
}

/** Not ready at once: the jobs may wait for a bus or a database that is slow. */
async function close(app: NestFastifyApplication, { drainSeconds }: Settings): Promise<void> {
  await app.get(Readiness).drain(drainSeconds * 1_000);
  app.get(EventStreams).end();
  app.get(AnnounceRoutes).stop();
  await app.get(RestoreBuckets).stop();
  await app.get(AdminMarks).stop();
  await app.get(SweepVerifications).stop();
  await app.get(ForgetVerifications).stop();
  await app.get(CountReviews).stop();
  await app.get(OutboxRelay).stop();
  await app.get(KeepSearchIndex).stop();
  await app.get(RecordCalls).stop();
  await app.get(ForgetActivity).stop();
  await app.get(Findings).stop();
  await app.get(KeepAuditMark).stop();
  await app.close();
}
