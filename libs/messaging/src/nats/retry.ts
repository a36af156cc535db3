/** Waits between attempts that fail while NATS is away: quick at first, then every few seconds. */
export const NATS_RETRY = { firstMs: 100, mostMs: 5_000 };
