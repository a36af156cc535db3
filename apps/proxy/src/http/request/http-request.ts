/** Takes a body chunk by chunk; `null` is its end. Returns false when it wants no more of it. */
export type TakeChunk = (chunk: Buffer | null) => boolean;

/** What the proxy reads of a request to a virtual server. */
export interface HttpRequest {
  readonly method?: string | undefined;
  /** Names and values in turn, as they were received. */
  readonly rawHeaders: readonly string[];
  /** Hands over the body as it arrives, including what has arrived already. Call it once. */
  takeBody(take: TakeChunk): void;
}
