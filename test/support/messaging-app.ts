import type { BusOptions } from '@lethe/messaging';
import { connectResponders, MessagingModule } from '@lethe/messaging';
import { LOGGER, type Logger } from '@lethe/platform';
import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';

/** Parts of the small application. */
export interface BusAppParts {
  controllers?: Type[];
  providers?: Provider[];
  logger?: Logger;
  before?: (app: INestApplication) => void;
}

@Module({})
class Logs {}

const logs = (logger: Logger): DynamicModule => ({
  module: Logs,
  global: true,
  providers: [{ provide: LOGGER, useValue: logger }],
  exports: [LOGGER],
});

/** A small application on a bus, started. */
export async function startBusApp(bus: BusOptions, parts: BusAppParts = {}): Promise<INestApplication> {
  const module = await Test.createTestingModule({
    imports: [...(parts.logger ? [logs(parts.logger)] : []), MessagingModule.forRoot(bus)],
    controllers: parts.controllers ?? [],
    providers: parts.providers ?? [],
  }).compile();
  const app = module.createNestApplication(new FastifyAdapter(), { logger: false });
  parts.before?.(app);
  connectResponders(app);
  await app.startAllMicroservices();
  await app.init();
  return app;
}
