import type { EventType } from '@lethe/contracts';

/** Stores durable events. */
export abstract class EventPublisher {
  /**
   * Resolves when the event is stored. `id` makes it idempotent: the same id is stored once.
   * @throws LetheError `bus_unavailable` when the bus stays away; RangeError when the event is longer than a message may be
   */
  abstract publish<T extends object>(type: EventType<T>, event: T, options: { id: string }): Promise<void>;
}
