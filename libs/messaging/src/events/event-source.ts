import type { EventConsumer } from './event-deliveries.js';

/** Delivers durable events to consumers. */
export abstract class EventSource {
  /** Delivers events to a consumer until `stop`. Does not wait for a bus that is unavailable. */
  abstract consume(consumer: EventConsumer): Promise<void>;
  /** Stops deliveries and waits for running handlers. */
  abstract stop(): Promise<void>;
}
