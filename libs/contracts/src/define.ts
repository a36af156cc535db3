/** A class whose instances are validated by class-validator when a message arrives. */
export type PayloadClass<T extends object> = new () => T;

/** A durable event: past tense, at least once, idempotent consumers. */
export interface EventContract<T extends object> {
  readonly subject: string;
  readonly payload: PayloadClass<T>;
}

/** A request with one reply: core NATS, at most once. */
export interface RequestContract<Q extends object, R extends object> {
  readonly subject: string;
  /** Responders of one queue group share the requests. */
  readonly queue?: string;
  readonly payload: PayloadClass<Q>;
  readonly reply: PayloadClass<R>;
}

/** A periodic note that nobody depends on: core NATS, fire and forget. */
export interface NoticeContract<T extends object> {
  readonly subject: string;
  readonly payload: PayloadClass<T>;
}

/** Bus messages are at most this long (bytes). */
export const MAX_MESSAGE_BYTES = 256 * 1024;
