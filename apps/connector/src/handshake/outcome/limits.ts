/** Limits of one handshake, beside those of the catalogue (`CATALOGUE_LIMITS`). */
export const HANDSHAKE_LIMITS = {
  /** Bytes of one response. */
  maxResponseBytes: 4 * 1024 * 1024,
  /** Bytes of all responses together. */
  maxTotalBytes: 6 * 1024 * 1024,
  maxHeaderBytes: 32 * 1024,
  maxRequests: 200,
  /** Nesting of a response. A deeper one is not parsed. */
  maxResponseDepth: 256,
  /** Server info, capabilities and instructions are sent in one bus message with the receipt. */
  maxFactsBytes: 96 * 1024,
  maxFactsDepth: 33,
  /** Skipped items that are reported by name. All of them are counted. */
  maxSkippedNamed: 100,
  /** How long an HTTP+SSE stream may take to name its endpoint. */
  endpointTimeoutMs: 5_000,
  /** Ending the session is polite but optional, so it gets little time. */
  closeTimeoutMs: 1_000,
} as const;
