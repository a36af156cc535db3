/**
 * Delays between attempts while NATS is unavailable. Also the longest is short: after a loss of all that NATS stored, one
 * service makes the buckets again, another fills them and a third reads them, and each of them waits for the one before.
 */
export const NATS_RETRY = { firstMs: 100, mostMs: 1_000 };

/**
 * How long one request to JetStream waits. A server that leads answers within milliseconds; where none does, another one
 * will in some seconds, so that asking again finds it sooner than waiting for long.
 */
export const JETSTREAM_TIMEOUT_MS = 2_000;
