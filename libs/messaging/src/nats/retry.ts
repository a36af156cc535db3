/** Delays between attempts while NATS is unavailable: short at first, then some seconds. */
export const NATS_RETRY = { firstMs: 100, mostMs: 5_000 };
