import type { Metrics } from '@lethe/platform';

type EventsCounter = ReturnType<typeof Metrics.prototype.counter<'consumer' | 'outcome'>>;

/** Counts deliveries of durable events. Every service has it, so that dashboards need not know who has handlers. */
export function eventsCounter(metrics: Metrics): EventsCounter {
  return metrics.counter('lethe_events_total', 'Deliveries of durable events', ['consumer', 'outcome']);
}
