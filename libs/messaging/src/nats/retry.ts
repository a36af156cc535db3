/** Delays between attempts while NATS is unavailable: short at first, then some seconds. */
export const NATS_RETRY = { firstMs: 100, mostMs: 5_000 };

/**
 * How long one request to JetStream waits. A server that leads answers within milliseconds; where none does, another one
 * will in some seconds, so that asking again finds it sooner than waiting for long.
 */
export const JETSTREAM_TIMEOUT_MS = 2_000;
