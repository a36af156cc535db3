/** One message as a subscriber sees it: what Nest's NATS transport and this library need of a core NATS message. */
export interface CoreMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly reply?: string;
  readonly headers?: unknown;
  json(): unknown;
  respond(data: string, options?: { headers?: unknown }): boolean;
}

export type CoreCallback = (error: Error | null, message: CoreMessage) => void;

export interface CoreSubscription {
  unsubscribe(): void;
  /** As `unsubscribe`, but what is on its way is still delivered. */
  drain(): Promise<void>;
}

/** Core NATS, as far as it is used: subjects with wildcards, queue groups, reply subjects. */
export interface CoreConnection {
  subscribe(subject: string, options: { queue?: string; callback: CoreCallback }): CoreSubscription;
  publish(subject: string, data: string, options?: { reply?: string; headers?: unknown }): void;
  /** Resolves when the other side has seen everything sent before. */
  flush(): Promise<void>;
}
