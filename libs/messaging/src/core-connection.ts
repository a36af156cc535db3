/** A received message: the part of a core NATS message that Nest's NATS transport and this library use. */
export interface CoreMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly reply?: string;
  readonly headers?: unknown;
  json(): unknown;
  respond(data: string, options?: { headers?: unknown }): boolean;
}

/** Receives the messages of a subscription. */
export type CoreCallback = (error: Error | null, message: CoreMessage) => void;

/** A subscription. */
export interface CoreSubscription {
  unsubscribe(): void;
  /** As `unsubscribe`, but messages that are on their way are still delivered. */
  drain(): Promise<void>;
}

/** The part of core NATS that is used: subjects with wildcards, queue groups, reply subjects. */
export interface CoreConnection {
  subscribe(subject: string, options: { queue?: string; callback: CoreCallback }): CoreSubscription;
  publish(subject: string, data: string, options?: { reply?: string; headers?: unknown }): void;
  /** Resolves when the server has received everything that was sent before. */
  flush(): Promise<void>;
}
