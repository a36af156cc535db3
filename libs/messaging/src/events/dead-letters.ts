import { DeadLetter } from '@lethe/contracts';
import type { Logger, Metrics } from '@lethe/platform';
import type { EventConsumer, EventDelivery } from './delivery.js';
import type { EventPublisher } from './event-publisher.js';

/** Where events go that a consumer gave up: a stored note of which one (never its content), a log line, a metric. */
export class DeadLetters {
  private readonly counter;

  constructor(
    private readonly events: EventPublisher,
    private readonly logger: Logger | undefined,
    metrics: Metrics | undefined,
  ) {
    this.counter = metrics?.counter('lethe_dead_letters_total', 'Events given up by a consumer', ['consumer']);
  }

  async bury(consumer: EventConsumer, delivery: EventDelivery, error: unknown): Promise<void> {
    const { id, attempt } = delivery;
    const note = { subject: consumer.type.subject, consumer: consumer.name, id, at: new Date().toISOString() };
    this.counter?.inc({ consumer: consumer.name });
    this.logger?.error(
      { consumer: consumer.name, subject: note.subject, eventId: id, deliveries: attempt, err: error },
      'Event given up',
    );
    if (consumer.type.subject !== DeadLetter.subject)
      await this.events.publish(DeadLetter, note, { id: `dead:${consumer.name}:${id}` });
  }
}
