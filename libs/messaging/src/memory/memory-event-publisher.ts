import type { EventType } from '@lethe/contracts';
import { EventPublisher } from '../events/event-publisher.js';
import { encodePayload } from '../payload.js';
import type { MemoryBroker } from './memory-broker.js';

/** Stores events in the memory of this process. */
export class MemoryEventPublisher extends EventPublisher {
  constructor(private readonly broker: MemoryBroker) {
    super();
  }

  async publish<T extends object>(type: EventType<T>, event: T, { id }: { id: string }): Promise<void> {
    const text = encodePayload(event);
    await Promise.resolve();
    this.broker.events.store({ id, subject: type.subject, text });
  }
}
