/** Limits of one handshake, beside those of the catalogue (`CATALOGUE_LIMITS`). */
export const HANDSHAKE_LIMITS = {
  /** Bytes of one response. */
  maxResponseBytes: 4 * 1024 * 1024,
  /** Bytes of all responses of one visit. */
  maxTotalBytes: 6 * 1024 * 1024,
  maxHeaderBytes: 32 * 1024,
  /** Requests of one visit. A handshake visits each era as a client without capabilities, with all, and with each. */
  maxRequests: 200,
  /** Requests of the server that get a response, in one visit. */
  maxServerRequests: 10,
  /** Connections open at once. */
  maxConnections: 4,
  /** Nesting of a response. A deeper one is not parsed. */
  maxResponseDepth: 256,
  /** Server info, capabilities and instructions are sent in one bus message with the receipt. */
  maxFactsBytes: 96 * 1024,
  maxFactsDepth: 33,
  /** Skipped items that are reported by name. All of them are counted. */
  maxSkippedNamed: 100,
  /** How long an HTTP+SSE stream may take to name its endpoint. */
  endpointTimeoutMs: 5_000,
  /** The part of a handshake's time after which no optional visit goes on. What was found without it counts. */
  optionalShare: 0.8,
  /** The part of it that the first request may take, so that the other era can still be tried. */
  probeShare: 0.5,
  /** The part of it that the request for an access token may take. */
  tokenShare: 0.3,
  /** Ending the session is polite but optional, so it gets little time. */
  closeTimeoutMs: 1_000,
} as const;
