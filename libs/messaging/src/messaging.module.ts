import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { BusHealth, BusLink } from './bus-link.js';
import type { BusOptions } from './bus-options.js';
import { memoryProviders, natsProviders, sharedProviders } from './bus-providers.js';
import { EventPublisher } from './events/event-publisher.js';
import { EventSubscriptions, SERVICE_NAME } from './events/event-subscriptions.js';
import { NoticePublisher } from './responders/notice-publisher.js';
import { RequestClient } from './responders/request-client.js';
import { RequestSpans } from './responders/request-spans.js';
import { ResponderGate } from './responders/responder-gate.js';
import { ResponderRegistry } from './responders/responder-registry.js';
import { SnapshotStore } from './snapshot-store.js';

const EXPORTED = [
  RequestClient,
  NoticePublisher,
  EventPublisher,
  SnapshotStore,
  BusHealth,
  ResponderGate,
  ResponderRegistry,
];

/** Provides the bus to all modules of an application. Its connection opens first and closes last. */
@Module({})
export class MessagingModule implements OnApplicationShutdown {
  constructor(@Inject(BusLink) private readonly link: BusLink) {}

  static forRoot(options: BusOptions): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        ...('broker' in options ? memoryProviders(options.broker) : natsProviders(options, options)),
        ...sharedProviders(options),
        { provide: SERVICE_NAME, useValue: options.service },
        ResponderGate,
        ResponderRegistry,
        EventSubscriptions,
      ],
      exports: [BusLink, RequestSpans, ...EXPORTED],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.link.close();
  }
}
