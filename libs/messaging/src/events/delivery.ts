import type { PayloadClass } from '@lethe/contracts';
import { decodePayload } from '../payload.js';

/** A durable subscription of one handler: `name` is the same on every replica of a service. */
export interface EventConsumer {
  readonly name: string;
  readonly type: PayloadClass<object> & { readonly subject: string };
  readonly handle: (event: object) => Promise<void>;
}

/** One delivery of a stored event. */
export interface EventDelivery {
  readonly id: string;
  readonly text: string;
  /** 1 for the first delivery. */
  readonly attempt: number;
}

/** What becomes of a delivery. `dead`: nobody will see it again, and a `DeadLetter` says so. */
export type Verdict =
  { kind: 'done' } | { kind: 'retry'; delayMs: number; error: unknown } | { kind: 'dead'; error: unknown };

/** Runs a handler once and decides. Both adapters deliver through this, so their semantics can't drift apart. */
export async function deliver(
  consumer: EventConsumer,
  delivery: EventDelivery,
  retryDelaysMs: readonly number[],
): Promise<Verdict> {
  if (delivery.attempt > retryDelaysMs.length + 1)
    return { kind: 'dead', error: new Error('unacknowledged to the end') };
  const event = decodePayload(consumer.type, delivery.text);
  if (event === undefined) return { kind: 'dead', error: new Error('payload breaks its contract') };
  try {
    await consumer.handle(event);
    return { kind: 'done' };
  } catch (error) {
    const delayMs = retryDelaysMs[delivery.attempt - 1];
    return delayMs === undefined ? { kind: 'dead', error } : { kind: 'retry', delayMs, error };
  }
}
