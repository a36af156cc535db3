import { LOGGER, Metrics, type Logger, type Tracer, TRACER } from '@lethe/platform';
import type { Provider } from '@nestjs/common';
import { BusHealth, BusLink } from './bus-link.js';
import { type BusOptions, inboxPrefix, type NatsBus, timingOf } from './bus-options.js';
import { EventDeliveries } from './events/event-deliveries.js';
import { EventPublisher } from './events/event-publisher.js';
import { EventSource } from './events/event-source.js';
import type { MemoryBroker } from './memory/memory-broker.js';
import { MemoryEventPublisher } from './memory/memory-event-publisher.js';
import { MemoryEventSource } from './memory/memory-event-source.js';
import { MemoryLink } from './memory/memory-link.js';
import { MemorySnapshotStore } from './memory/memory-snapshot-store.js';
import { NatsEventPublisher } from './nats/nats-event-publisher.js';
import { NatsEventSource } from './nats/nats-event-source.js';
import { NatsLink } from './nats/nats-link.js';
import { NatsSnapshotStore } from './nats/nats-snapshot-store.js';
import { openNatsLink } from './nats/open-nats-link.js';
import { NatsStreamKeeper } from './nats/stream-keeper.js';
import { NoticePublisher } from './responders/notice-publisher.js';
import { RequestClient } from './responders/request-client.js';
import { RequestSpans } from './responders/request-spans.js';
import { SnapshotStore } from './snapshot-store.js';

const OPTIONAL_LOGGER = { token: LOGGER, optional: true };
const OPTIONAL_TRACER = { token: TRACER, optional: true };
const OPTIONAL_METRICS = { token: Metrics, optional: true };

/** Providers that are the same for every bus. */
export function sharedProviders(options: BusOptions): Provider[] {
  const inbox = inboxPrefix(options.service);
  return [
    { provide: BusHealth, useExisting: BusLink },
    {
      provide: RequestSpans,
      inject: [OPTIONAL_TRACER],
      useFactory: (tracer?: Tracer) => new RequestSpans(tracer),
    },
    {
      provide: RequestClient,
      inject: [BusLink, RequestSpans],
      useFactory: (link: BusLink, spans: RequestSpans) => new RequestClient(link, inbox, spans),
    },
    {
      provide: NoticePublisher,
      inject: [BusLink],
      useFactory: (link: BusLink) => new NoticePublisher(link),
    },
    {
      provide: EventDeliveries,
      inject: [EventPublisher, OPTIONAL_LOGGER, OPTIONAL_METRICS],
      useFactory: (events: EventPublisher, logger?: Logger, metrics?: Metrics) =>
        new EventDeliveries(events, timingOf(options).retryDelaysMs, logger, metrics),
    },
  ];
}

/** Providers of the bus inside this process. */
export function memoryProviders(broker: MemoryBroker): Provider[] {
  return [
    { provide: BusLink, useFactory: () => new MemoryLink(broker) },
    { provide: EventPublisher, useFactory: () => new MemoryEventPublisher(broker) },
    {
      provide: SnapshotStore,
      inject: [OPTIONAL_LOGGER],
      useFactory: (logger?: Logger) => new MemorySnapshotStore(broker, logger),
    },
    {
      provide: EventSource,
      inject: [EventDeliveries],
      useFactory: (deliveries: EventDeliveries) => new MemoryEventSource(broker, deliveries),
    },
  ];
}

/** Providers of NATS with JetStream. */
export function natsProviders(options: BusOptions, { natsUrl, replicas }: NatsBus): Provider[] {
  const timing = timingOf(options);
  const { publishTimeoutMs, watchCheckMs } = timing;
  const copies = replicas ?? 1;
  return [
    {
      provide: NatsLink,
      inject: [OPTIONAL_LOGGER],
      useFactory: (logger?: Logger) => openedNatsLink(options, natsUrl, logger),
    },
    { provide: BusLink, useExisting: NatsLink },
    {
      provide: EventPublisher,
      inject: [NatsLink],
      useFactory: (link: NatsLink) => new NatsEventPublisher(link, publishTimeoutMs, copies),
    },
    {
      provide: SnapshotStore,
      inject: [NatsLink, OPTIONAL_LOGGER],
      useFactory: (link: NatsLink, logger?: Logger) => new NatsSnapshotStore(link, watchCheckMs, copies, logger),
    },
    {
      provide: EventSource,
      inject: [NatsLink, EventDeliveries, OPTIONAL_LOGGER],
      useFactory: (link: NatsLink, deliveries: EventDeliveries, logger?: Logger) =>
        new NatsEventSource(link, deliveries, timing, copies, logger),
    },
    ...(replicas === undefined ? [] : [keeper(replicas, watchCheckMs)]),
  ];
}

function keeper(replicas: number, everyMs: number): Provider {
  return {
    provide: NatsStreamKeeper,
    inject: [NatsLink, OPTIONAL_LOGGER],
    useFactory: (link: NatsLink, logger?: Logger) => new NatsStreamKeeper(link, replicas, everyMs, logger),
  };
}

/** Waits a few seconds for the bus. A bus that rejects this service stops the start. */
async function openedNatsLink(options: BusOptions, natsUrl: string, logger?: Logger): Promise<NatsLink> {
  const link = openNatsLink(options, natsUrl, logger);
  await link.connectedOrTimedOut();
  return link;
}
