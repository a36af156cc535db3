import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EventConsumer } from './event-deliveries.js';
import { EventSource } from './event-source.js';
import { eventOf, type EventHandler } from './on-event.js';

/** Injection token of the service's name, which is part of the name of each durable consumer. */
export const SERVICE_NAME = Symbol('SERVICE_NAME');

/** Subscribes every provider with `@OnEvent` at bootstrap, and waits for running handlers at shutdown. */
@Injectable()
export class EventSubscriptions implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(EventSource) private readonly source: EventSource,
    @Inject(SERVICE_NAME) private readonly service: string,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const consumer of this.consumers()) await this.source.consume(consumer);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.source.stop();
  }

  private consumers(): EventConsumer[] {
    return this.discovery.getProviders().flatMap(({ metatype, instance }) => {
      const type = metatype ? eventOf(metatype) : undefined;
      if (!type || !metatype || !isHandler(instance)) return [];
      return [{ name: `${this.service}-${metatype.name}`, type, handle: (event: object) => instance.handle(event) }];
    });
  }
}

function isHandler(instance: unknown): instance is EventHandler<object> {
  return typeof instance === 'object' && instance !== null && 'handle' in instance;
}
