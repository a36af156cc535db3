/** The schemes of the Authorization header (RFC 9110) that Lethe can use by itself. */
export const AUTH_SCHEMES = ['bearer', 'basic'] as const;
/** A scheme of the Authorization header. */
export type AuthScheme = (typeof AUTH_SCHEMES)[number];

/** The schemes that values of callers may have; for `dpop` (RFC 9449) a caller signs each request. */
export const MAPPING_SCHEMES = [...AUTH_SCHEMES, 'dpop'] as const;
/** A scheme of a caller's value. */
export type MappingScheme = (typeof MAPPING_SCHEMES)[number];

/**
 * Maps a passthrough header of clients to what one gateway's upstream receives. For `header: "Authorization"` clients send
 * `X-Upstream-<slug>-Authorization` (always valid) or `X-Upstream-Authorization` (if this gateway owns the short form).
 */
export interface PassthroughMapping {
  /** The upstream's header name. */
  header: string;
  /** A call without it is rejected with `credential_required`. */
  required?: boolean;
  /** The value must begin with this scheme. Other values are rejected; the scheme is never added. */
  scheme?: MappingScheme;
  /** The value is sent in this query parameter instead of the header. */
  to?: { query: string };
}
