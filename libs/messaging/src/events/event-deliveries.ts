import { AsyncResource } from 'node:async_hooks';
import { DeadLetter, type EventType } from '@lethe/contracts';
import type { Logger, Metrics } from '@lethe/platform';
import { decodePayload } from '../payload.js';
import { eventsCounter } from './events-counter.js';
import type { EventPublisher } from './event-publisher.js';

/** A durable subscription of one handler: `name` is the same on every replica of a service. */
export interface EventConsumer {
  readonly name: string;
  readonly type: EventType<object>;
  readonly handle: (event: object) => Promise<void>;
}

/** One delivery of a stored event. */
export interface EventDelivery {
  readonly id: string;
  readonly text: string;
  /** 1 for the first delivery. */
  readonly attempt: number;
}

/** Outcome of a delivery. `dead`: it is not delivered again, and a `DeadLetter` is stored. */
export type Verdict = { kind: 'done' } | { kind: 'retry'; delayMs: number } | { kind: 'dead' };

class ContractBroken extends Error {
  override readonly name = 'ContractBroken';
}

/** Runs handlers and decides the outcome of each delivery, for all kinds of bus. */
export class EventDeliveries {
  private readonly counter;
  /** Within one process, an event must not be handled as part of the request that happened to store it. */
  private readonly ownContext = new AsyncResource('EventDeliveries');

  constructor(
    private readonly events: EventPublisher,
    private readonly retryDelaysMs: readonly number[],
    private readonly logger?: Logger,
    metrics?: Metrics,
  ) {
    this.counter = metrics && eventsCounter(metrics);
  }

  /** Rejects only if a dead letter can't be stored; the delivery then has no outcome. */
  async run(consumer: EventConsumer, delivery: EventDelivery): Promise<Verdict> {
    const error = await this.failureOf(consumer, delivery);
    const verdict = this.decide(error, delivery);
    if (verdict.kind === 'dead') await this.storeDeadLetter(consumer, delivery);
    this.counter?.inc({ consumer: consumer.name, outcome: verdict.kind });
    this.record(verdict, consumer, delivery, error);
    return verdict;
  }

  private async failureOf(consumer: EventConsumer, delivery: EventDelivery): Promise<unknown> {
    if (delivery.attempt > this.maxDeliveries) return new Error('never acknowledged');
    const event = decodePayload(consumer.type, delivery.text);
    if (event === undefined) return new ContractBroken();
    try {
      await this.ownContext.runInAsyncScope(() => consumer.handle(event));
      return undefined;
    } catch (error) {
      return error ?? new Error('nothing thrown');
    }
  }

  private decide(error: unknown, { attempt }: EventDelivery): Verdict {
    if (error === undefined) return { kind: 'done' };
    const delayMs = error instanceof ContractBroken ? undefined : this.retryDelaysMs[attempt - 1];
    return delayMs === undefined ? { kind: 'dead' } : { kind: 'retry', delayMs };
  }

  private get maxDeliveries(): number {
    return this.retryDelaysMs.length + 1;
  }

  /** Stores which event failed for the last time, never its content. */
  private async storeDeadLetter({ name, type }: EventConsumer, { id }: EventDelivery): Promise<void> {
    if (type.subject === DeadLetter.subject) return;
    const letter = { subject: type.subject, consumer: name, id, at: new Date().toISOString() };
    await this.events.publish(DeadLetter, letter, { id: `dead:${name}:${id}` });
  }

  private record(verdict: Verdict, { name, type }: EventConsumer, delivery: EventDelivery, error: unknown): void {
    if (verdict.kind === 'done') return;
    const facts = {
      consumer: name,
      subject: type.subject,
      eventId: delivery.id,
      deliveries: delivery.attempt,
      err: error,
    };
    if (verdict.kind === 'retry') this.logger?.warn(facts, 'Event handler failed; it will be delivered again');
    else this.logger?.error(facts, 'Event failed for the last time');
  }
}
