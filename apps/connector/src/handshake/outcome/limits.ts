/** Bounds of one handshake beside those of the catalogue it finds. */
export const HANDSHAKE_LIMITS = {
  /** One answer, and all answers together (bytes). */
  maxAnswerBytes: 4 * 1024 * 1024,
  maxTotalBytes: 6 * 1024 * 1024,
  maxHeaderBytes: 32 * 1024,
  maxRequests: 200,
  /** Nesting of any answer; deeper ones are not even parsed. */
  maxAnswerDepth: 256,
  /** Server info, capabilities and instructions travel in one bus message beside the receipt. */
  maxFactsBytes: 96 * 1024,
  maxFactsDepth: 33,
  /** So many skipped items are named; all are counted. */
  maxSkippedNamed: 100,
  /** A stream of the HTTP+SSE transport names its endpoint at once. */
  endpointTimeoutMs: 5_000,
  /** Closing a session is a courtesy, not worth more. */
  closeTimeoutMs: 1_000,
} as const;
