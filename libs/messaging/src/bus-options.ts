import type { MemoryBroker } from './memory/memory-broker.js';

/** Timeouts and intervals of the bus. The defaults are for production; tests shorten them. */
export interface BusTiming {
  /** Delay before each redelivery of an event whose handler failed. There is one delivery more than delays. */
  retryDelaysMs?: readonly number[];
  /** How long a replica that handles an event may be silent before the event is delivered to another replica. */
  ackWaitMs?: number;
  /** How long one fetch of events waits, at least 1 s. A deleted stream is noticed after that time. */
  fetchMs?: number;
  /** How often it is checked that a watched bucket was not replaced. */
  watchCheckMs?: number;
  /** How long publishing is retried while the bus is unavailable. */
  publishTimeoutMs?: number;
  /** How long a start waits for the bus before it continues without it. */
  startWaitMs?: number;
}

/** A NATS server, or a cluster of them. */
export interface NatsBus {
  natsUrl: string;
  /** Copies of the stream and of each bucket. Only a service that may make and change them has this. */
  replicas?: number;
}

/** The bus of an application: NATS, or the one inside this process. `service` names its durable consumers. */
export type BusOptions = { service: string; timing?: BusTiming } & (NatsBus | { broker: MemoryBroker });

const DEFAULT_TIMING: Required<BusTiming> = {
  retryDelaysMs: [1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000],
  ackWaitMs: 30_000,
  fetchMs: 10_000,
  watchCheckMs: 3_000,
  publishTimeoutMs: 30_000,
  startWaitMs: 5_000,
};

/** The timing of these options, with defaults. */
export function timingOf(options: BusOptions): Required<BusTiming> {
  return { ...DEFAULT_TIMING, ...options.timing };
}

/** The prefix of a service's reply subjects. Permissions on it keep other services from reading the replies. */
export function inboxPrefix(service: string): string {
  return `_INBOX_${service}`;
}
