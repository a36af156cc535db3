import { deliver, type EventConsumer, type EventDelivery } from '../events/delivery.js';
import type { DeadLetters } from '../events/dead-letters.js';
import { EventSource } from '../events/event-source.js';
import type { MemoryBroker } from './memory-broker.js';

/** Durable consumers in process: one event at a time and in order, an event that failed again after its pause. */
export class MemoryEventSource extends EventSource {
  private readonly names: string[] = [];
  private readonly queues = new Map<string, Promise<void>>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private isStopped = false;

  constructor(
    private readonly broker: MemoryBroker,
    private readonly deadLetters: DeadLetters,
    private readonly retryDelaysMs: readonly number[],
  ) {
    super();
  }

  consume(consumer: EventConsumer): Promise<void> {
    this.names.push(consumer.name);
    this.broker.events.open(consumer.name, consumer.type.subject, ({ id, text }) =>
      this.enqueue(consumer, { id, text, attempt: 1 }),
    );
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    for (const name of this.names) this.broker.events.close(name);
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
    const verdict = await deliver(consumer, delivery, this.retryDelaysMs);
    if (verdict.kind === 'dead') await this.deadLetters.bury(consumer, delivery, verdict.error);
    if (verdict.kind === 'retry') this.again(consumer, delivery, verdict.delayMs);
  }

  private again(consumer: EventConsumer, delivery: EventDelivery, delayMs: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.enqueue(consumer, { ...delivery, attempt: delivery.attempt + 1 });
    }, delayMs);
    this.timers.add(timer);
  }
}
