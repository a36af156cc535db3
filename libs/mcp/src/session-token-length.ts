/** Longest session token. It contains the whole session and is sent in a header of every request. */
export const MAX_SESSION_TOKEN_BYTES = 4 * 1024;
/** Assumed length of a session id that is not known yet. */
const USUAL_ID_BYTES = 64;

/** Everything besides the sessions: times, versions, the client's name and capabilities. */
const REST_BYTES = 1_024;
/** `v1.<kid>.`, and the bytes that sealing adds to the JSON before base64url. */
const HEAD_BYTES = 32;
const SEAL_BYTES = 28;
/** `"":["","2025-11-25",1000000],` */
const ENTRY_BYTES = 32;

/** The part of a token for one gateway whose upstream keeps sessions. */
export interface SessionShare {
  readonly slug: string;
  /** Length of the session id at the gateway's verification. */
  readonly idBytes: number | undefined;
}

/** Upper bound for the length of a session token for these gateways. */
export function sessionTokenLength(shares: readonly SessionShare[]): number {
  const entries = shares.map(({ slug, idBytes = USUAL_ID_BYTES }) => slug.length + idBytes + ENTRY_BYTES);
  const claims = entries.reduce((sum, bytes) => sum + bytes, REST_BYTES);
  return HEAD_BYTES + Math.ceil(((claims + SEAL_BYTES) * 4) / 3);
}
