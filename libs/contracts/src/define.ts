/** A class whose instances are validated by class-validator when a message arrives. */
export type PayloadClass<T extends object> = new () => T;

/** A durable event, named in the past tense; the class is the contract. Delivered at least once to idempotent consumers. */
export interface EventType<T extends object> extends PayloadClass<T> {
  readonly subject: string;
}

/** A request with one reply, named as an imperative. Core NATS, at most once; a queue group shares the requests. */
export interface RequestType<Q extends object, R extends object> extends PayloadClass<Q> {
  readonly subject: string;
  readonly queue?: string;
  readonly reply: PayloadClass<R>;
}

/** A periodic notice that nobody depends on: core NATS, fire and forget. */
export interface NoticeType<T extends object> extends PayloadClass<T> {
  readonly subject: string;
}

/** Bus messages are at most this long (bytes). */
export const MAX_MESSAGE_BYTES = 256 * 1024;
