/** Receives a body chunk by chunk; `null` is its end. Returns false if it needs no more chunks. */
export type OnChunk = (chunk: Buffer | null) => boolean;

/** The part of a request to a virtual server that the proxy reads. */
export interface HttpRequest {
  readonly method?: string | undefined;
  /** The request target as it was sent: a path, or an absolute URL. */
  readonly url?: string | undefined;
  /** Names and values, alternating, as they were received. */
  readonly rawHeaders: readonly string[];
  /** Passes on the body as it arrives, including what has already arrived. Call it once. */
  streamBody(onChunk: OnChunk): void;
}
