/** Longest session token. It holds the whole session and travels in a header of every request. */
export const MAX_SESSION_TOKEN_BYTES = 4 * 1024;
/** Assumed length of a session id that is not known yet. */
const USUAL_ID_BYTES = 64;

/** Everything besides the sessions: times, versions, the client's name and capabilities. */
const REST_BYTES = 1_024;
/** `v1.<kid>.`, and what sealing adds to the JSON before it is written in base64url. */
const HEAD_BYTES = 32;
const SEAL_BYTES = 28;
/** `"":["","2025-11-25",1000000],` */
const ENTRY_BYTES = 32;

/** What one gateway whose upstream keeps sessions adds to a token. */
export interface SessionShare {
  readonly slug: string;
  /** Length of the id that the upstream gave at its verification. */
  readonly idBytes: number | undefined;
}

/** Upper bound of the length of a session token for a virtual server with these gateways. */
export function sessionTokenLength(shares: readonly SessionShare[]): number {
  const entries = shares.map(({ slug, idBytes = USUAL_ID_BYTES }) => slug.length + idBytes + ENTRY_BYTES);
  const claims = entries.reduce((sum, bytes) => sum + bytes, REST_BYTES);
  return HEAD_BYTES + Math.ceil(((claims + SEAL_BYTES) * 4) / 3);
}
