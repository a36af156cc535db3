import { BusHealth, connectResponders, type BusOptions } from '@lethe/messaging';
import {
  createLogger,
  fastifyOptions,
  guardMemory,
  listen,
  type Logger,
  NestLogger,
  Readiness,
  type RunningService,
  type Settings,
} from '@lethe/platform';
import type { Trust } from '@lethe/sealing';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { findChildFile } from './processes/child-file.js';
import { refuseCapturedBus } from './bus-check.js';
import { connectorOptions } from './handshakes/connector-options.js';
import { ConnectorModule } from './connector.module.js';
import { DoorAddressService } from './door/door-address.service.js';
import { DoorService } from './door/door.service.js';
import { HandshakesService } from './handshakes/handshakes.service.js';
import { AnnouncerJob } from './reservations/announcer.job.js';
import { QueueMembershipJob } from './reservations/queue-membership.job.js';
import { SlotsService } from './handshakes/slots.service.js';

/** How long running handshakes may continue after shutdown has begun. */
const FINISH_GRACE_MS = 10_000;

/** What a connector is started with. */
export interface ConnectorStart {
  settings: Settings;
  bus: BusOptions;
  trust: Trust;
  /** The entry file of one-shot processes, if it is not where the build puts it. */
  childFile?: string;
  /** A registry that starts in the same process: before, nobody would hear the announcement. */
  announceAfter?: Promise<unknown>;
}

/** A connector that runs. */
export interface RunningConnector extends RunningService {
  doorUrl?: string;
  /** Processes that run now: slots, handshakes, door processes. */
  pids(): number[];
}

/** Starts a connector. It serves its operations endpoints only when it runs as a service of its own. */
export async function startConnector(start: ConnectorStart): Promise<RunningConnector> {
  const { settings, bus, trust, childFile } = start;
  guardMemory();
  const logger = createLogger('connector', settings.logLevel);
  const options = connectorOptions(settings, childFile ?? findChildFile());
  const app = await NestFactory.create<NestFastifyApplication>(
    ConnectorModule.forRoot({ settings, options, bus, trust, logger }),
    new FastifyAdapter(fastifyOptions()),
    { logger: new NestLogger(logger), abortOnError: false },
  );
  try {
    return await run(app, start, logger);
  } catch (error) {
    // In another service's process nothing else ends what already runs.
    await close(app).catch(() => undefined);
    throw error;
  }
}

async function run(
  app: NestFastifyApplication,
  { settings, bus, announceAfter }: ConnectorStart,
  logger: Logger,
): Promise<RunningConnector> {
  await refuseCapturedBus(app, logger);
  app.get(Readiness).register('bus', () => app.get(BusHealth).isConnected());
  connectResponders(app);
  app.get(QueueMembershipJob).start();
  const firstSlot = app.get(SlotsService).start();
  await app.startAllMicroservices();
  const url = await listenIfAlone(app, settings, 'broker' in bus, logger);
  await app.get(DoorService).open();
  await announceAfter;
  app.get(AnnouncerJob).start();
  await firstSlot;
  return {
    url,
    doorUrl: app.get(DoorAddressService).url,
    pids: () => [...new Set([...app.get(SlotsService).pids, ...app.get(DoorService).pids])],
    close: () => close(app),
  };
}

/** Inside another service's process there is nothing to serve. */
async function listenIfAlone(
  app: NestFastifyApplication,
  { connectorPort: port, host }: Settings,
  isEmbedded: boolean,
  logger: Logger,
): Promise<string> {
  if (isEmbedded) {
    await app.init();
    return '';
  }
  return listen(app, { service: 'connector', setting: 'CONNECTOR_PORT', port, host }, logger);
}

/** Stops reserving, lets running handshakes finish and be reported, then leaves the bus. */
async function close(app: NestFastifyApplication): Promise<void> {
  void app.get(Readiness).drain();
  app.get(QueueMembershipJob).close();
  app.get(DoorService).close();
  app.get(SlotsService).stop();
  await app.get(HandshakesService).finish(FINISH_GRACE_MS);
  app.get(AnnouncerJob).stop();
  await app.close();
}
