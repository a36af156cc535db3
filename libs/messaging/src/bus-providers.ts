import { LOGGER, Metrics, type Logger } from '@lethe/platform';
import type { Provider } from '@nestjs/common';
import { BusHealth, BusLink } from './bus-link.js';
import { timingOf, type BusOptions } from './bus-options.js';
import { DeadLetters } from './events/dead-letters.js';
import { EventPublisher } from './events/event-publisher.js';
import { EventSource } from './events/event-source.js';
import type { MemoryBroker } from './memory/memory-broker.js';
import { MemoryEventPublisher } from './memory/memory-event-publisher.js';
import { MemoryEventSource } from './memory/memory-event-source.js';
import { MemoryLink } from './memory/memory-link.js';
import { MemorySnapshotStore } from './memory/memory-snapshot-store.js';
import { LetheNatsClient } from './responders/lethe-nats-client.js';
import { NoticePublisher } from './responders/notice-publisher.js';
import { RequestClient } from './responders/request-client.js';
import { SnapshotStore } from './snapshot-store.js';

const OPTIONAL_LOGGER = { token: LOGGER, optional: true };
const OPTIONAL_METRICS = { token: Metrics, optional: true };

/** What is the same on every bus. */
export function sharedProviders(options: BusOptions): Provider[] {
  const inbox = inboxPrefix(options.service);
  return [
    { provide: BusHealth, useExisting: BusLink },
    { provide: LetheNatsClient, inject: [BusLink], useFactory: (link: BusLink) => new LetheNatsClient(link, inbox) },
    {
      provide: RequestClient,
      inject: [BusLink, LetheNatsClient],
      useFactory: (link: BusLink, client: LetheNatsClient) => new RequestClient(link, client),
    },
    {
      provide: NoticePublisher,
      inject: [BusLink, LetheNatsClient],
      useFactory: (link: BusLink, client: LetheNatsClient) => new NoticePublisher(link, client),
    },
    {
      provide: DeadLetters,
      inject: [EventPublisher, OPTIONAL_LOGGER, OPTIONAL_METRICS],
      useFactory: (events: EventPublisher, logger?: Logger, metrics?: Metrics) =>
        new DeadLetters(events, logger, metrics),
    },
  ];
}

/** Replies to a service go under a prefix of its own, so that permissions keep others from reading them. */
export function inboxPrefix(service: string): string {
  return `_INBOX_${service}`;
}

/** The bus inside this process. */
export function memoryProviders(options: BusOptions, broker: MemoryBroker): Provider[] {
  const { retryDelaysMs } = timingOf(options);
  return [
    { provide: BusLink, useFactory: () => new MemoryLink(broker) },
    { provide: EventPublisher, useFactory: () => new MemoryEventPublisher(broker) },
    { provide: SnapshotStore, useFactory: () => new MemorySnapshotStore(broker) },
    {
      provide: EventSource,
      inject: [DeadLetters],
      useFactory: (deadLetters: DeadLetters) => new MemoryEventSource(broker, deadLetters, retryDelaysMs),
    },
  ];
}
