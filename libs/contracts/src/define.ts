/** The class of a message. class-validator validates its instances on arrival. */
export type PayloadClass<T extends object> = new () => T;

/** The class of a durable event, named in the past tense. Events are delivered at least once; consumers are idempotent. */
export interface EventType<T extends object> extends PayloadClass<T> {
  readonly subject: string;
}

/** The class of a request with one reply, named in the imperative. Delivered at most once, to one member of the queue group. */
export interface RequestType<Q extends object, R extends object> extends PayloadClass<Q> {
  readonly subject: string;
  readonly queue?: string;
  readonly reply: PayloadClass<R>;
}

/** The class of a notice. Notices may be lost: the next one follows soon, or nothing depends on it. */
export interface NoticeType<T extends object> extends PayloadClass<T> {
  readonly subject: string;
}

/** Longest message on the bus, in bytes. */
export const MAX_MESSAGE_BYTES = 256 * 1024;
