import type { Logger, Metrics, Tracer } from '@lethe/platform';
import type { BusHealth, BusLink } from './bus-link.js';
import { type BusOptions, inboxPrefix, timingOf } from './bus-options.js';
import { eventsCounter } from './events/events-counter.js';
import { MemoryLink } from './memory/memory-link.js';
import { MemorySnapshotStore } from './memory/memory-snapshot-store.js';
import { NatsSnapshotStore } from './nats/nats-snapshot-store.js';
import { openNatsLink } from './nats/open-nats-link.js';
import { BusListener } from './responders/bus-listener.js';
import { NoticePublisher } from './responders/notice-publisher.js';
import { RequestClient } from './responders/request-client.js';
import { RequestSpans } from './responders/request-spans.js';
import type { SnapshotStore } from './snapshot-store.js';

/** The bus, for a service without Nest that has no part in durable events. */
export interface Bus {
  readonly health: BusHealth;
  readonly requests: RequestClient;
  readonly notices: NoticePublisher;
  readonly snapshots: SnapshotStore;
  readonly listener: BusListener;
  /** Waits a few seconds for the bus. @throws Error if the bus rejects this service */
  opened(): Promise<void>;
  /** Closes the connection; what uses it has ended before. */
  close(): Promise<void>;
}

/** Begins to open the bus as `MessagingModule` does, without Nest. */
export function openBus(options: BusOptions, logger: Logger, tracer: Tracer | undefined, metrics?: Metrics): Bus {
  if (metrics) eventsCounter(metrics);
  const { link, snapshots } = openLink(options, logger);
  const spans = new RequestSpans(tracer);
  return {
    health: link,
    requests: new RequestClient(link, inboxPrefix(options.service), spans),
    notices: new NoticePublisher(link),
    snapshots,
    listener: new BusListener(link, spans, logger),
    opened: () => link.connectedOrTimedOut(),
    close: () => link.close(),
  };
}

function openLink(options: BusOptions, logger: Logger): { link: BusLink; snapshots: SnapshotStore } {
  if ('broker' in options) {
    const { broker } = options;
    return { link: new MemoryLink(broker), snapshots: new MemorySnapshotStore(broker, logger) };
  }
  const link = openNatsLink(options, options.natsUrl, logger);
  return {
    link,
    snapshots: new NatsSnapshotStore(link, timingOf(options).watchCheckMs, options.replicas ?? 1, logger),
  };
}
