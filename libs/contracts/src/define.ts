/** A class whose instances are validated by class-validator when a message arrives. */
export type PayloadClass<T extends object> = new () => T;

/** A durable event: past tense, at least once, idempotent consumers. The class is the contract. */
export interface EventType<T extends object> extends PayloadClass<T> {
  readonly subject: string;
}

/** A request with one reply: core NATS, at most once. Imperative; responders of one queue group share the requests. */
export interface RequestType<Q extends object, R extends object> extends PayloadClass<Q> {
  readonly subject: string;
  readonly queue?: string;
  readonly reply: PayloadClass<R>;
}

/** A periodic note that nobody depends on: core NATS, fire and forget. */
export interface NoticeType<T extends object> extends PayloadClass<T> {
  readonly subject: string;
}

/** Bus messages are at most this long (bytes). */
export const MAX_MESSAGE_BYTES = 256 * 1024;
