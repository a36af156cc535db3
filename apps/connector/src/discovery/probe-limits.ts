/** Limits of one probe. */
export const PROBE_LIMITS = {
  /** All of it: the registry waits a little longer. */
  timeoutMs: 9_000,
  /** One request, so that a slow one leaves time for others. */
  requestMs: 4_000,
  maxRequests: 14,
  maxBodyBytes: 256 * 1024,
  maxHeaderBytes: 32 * 1024,
  maxDepth: 32,
  /** Authorization servers that are looked at. */
  maxServers: 2,
  /** Entries of a list of the upstream. */
  maxEntries: 30,
  maxText: 200,
  maxUrl: 512,
} as const;
