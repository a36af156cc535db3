import type { MemoryBroker } from './memory/memory-broker.js';

/** Timings of delivery; the defaults are for production, tests shorten them. */
export interface BusTiming {
  /** Pause before each further delivery of an event whose handler failed; one less than the number of deliveries. */
  retryDelaysMs?: readonly number[];
  /** How long a handler may stay silent before its event is delivered to another replica. */
  ackWaitMs?: number;
  /** How long one fetch of events waits, at least 1 s; a stream that was deleted is noticed after it. */
  fetchMs?: number;
  /** How often a watched bucket is compared with the one that was opened. */
  watchCheckMs?: number;
  /** How long a publish keeps trying while the bus is away. */
  publishTimeoutMs?: number;
  /** How long a start waits for the bus before it goes on without it. */
  settleMs?: number;
}

/** Which bus an application is on: a NATS server, or the one inside this process. `service` names its durable consumers. */
export type BusOptions = { service: string; timing?: BusTiming } & ({ natsUrl: string } | { broker: MemoryBroker });

const DEFAULT_TIMING: Required<BusTiming> = {
  retryDelaysMs: [1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000],
  ackWaitMs: 30_000,
  fetchMs: 10_000,
  watchCheckMs: 10_000,
  publishTimeoutMs: 30_000,
  settleMs: 5_000,
};

export function timingOf(options: BusOptions): Required<BusTiming> {
  return { ...DEFAULT_TIMING, ...options.timing };
}
