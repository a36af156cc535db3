import type { EventConsumer, EventDeliveries, EventDelivery } from '../events/event-deliveries.js';
import { EventSource } from '../events/event-source.js';
import type { MemoryBroker } from './memory-broker.js';
import type { StoredEvent } from './memory-events.js';

/** Durable consumers in this process. Events are delivered one at a time and in order; failed ones again after a delay. */
export class MemoryEventSource extends EventSource {
  private readonly closers: (() => void)[] = [];
  private readonly queues = new Map<string, Promise<void>>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private isStopped = false;

  constructor(
    private readonly broker: MemoryBroker,
    private readonly deliveries: EventDeliveries,
  ) {
    super();
  }

  consume(consumer: EventConsumer): Promise<void> {
    const onEvent = ({ id, text }: StoredEvent): void => this.enqueue(consumer, { id, text, attempt: 1 });
    this.closers.push(this.broker.events.open(consumer.name, consumer.type.subject, onEvent));
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    for (const close of this.closers) close();
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all(this.queues.values());
  }

  private enqueue(consumer: EventConsumer, delivery: EventDelivery): void {
    const before = this.queues.get(consumer.name) ?? Promise.resolve();
    this.queues.set(
      consumer.name,
      before.then(() => this.run(consumer, delivery)),
    );
  }

  private async run(consumer: EventConsumer, delivery: EventDelivery): Promise<void> {
    if (this.isStopped) return;
    const verdict = await this.deliveries.run(consumer, delivery);
    if (verdict.kind === 'retry') this.redeliver(consumer, delivery, verdict.delayMs);
  }

  private redeliver(consumer: EventConsumer, delivery: EventDelivery, delayMs: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.enqueue(consumer, { ...delivery, attempt: delivery.attempt + 1 });
    }, delayMs);
    this.timers.add(timer);
  }
}
