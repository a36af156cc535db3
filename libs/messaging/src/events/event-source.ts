import type { EventConsumer } from './event-deliveries.js';

/** Where durable events come from. */
export abstract class EventSource {
  /** Delivers to a consumer until `stop`; returns when deliveries may begin (or will, once the bus is there). */
  abstract consume(consumer: EventConsumer): Promise<void>;
  /** Accepts no more deliveries and waits for running handlers. */
  abstract stop(): Promise<void>;
}
