import type { EventType } from '@lethe/contracts';

/** Stores durable events. */
export abstract class EventPublisher {
  /**
   * Resolves when the event is stored. An event with the same `id` is stored only once.
   * @throws LetheError `bus_unavailable` if the bus stays unavailable; RangeError if the event is too long for a message
   */
  abstract publish<T extends object>(type: EventType<T>, event: T, options: { id: string }): Promise<void>;
}
