import type { BusOptions } from '@lethe/messaging';
import { connectResponders, MessagingModule } from '@lethe/messaging';
import type { Provider, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';

/** A small application on a bus, started. */
export async function startBusApp(
  bus: BusOptions,
  parts: { controllers?: Type[]; providers?: Provider[]; before?: (app: INestApplication) => void } = {},
): Promise<INestApplication> {
  const module = await Test.createTestingModule({
    imports: [MessagingModule.forRoot(bus)],
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
