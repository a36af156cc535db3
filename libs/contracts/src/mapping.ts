/**
 * Inbound passthrough header -> what one gateway's upstream receives. `header: "Authorization"` is brought by clients as
 * `X-Upstream-<slug>-Authorization` (always valid) or `X-Upstream-Authorization` (when the virtual server names an owner).
 */
export interface PassthroughMapping {
  /** The upstream's header name. */
  header: string;
  /** A call without it is refused with `credential_required`. */
  required?: boolean;
  /** The value must begin with this scheme. A value without it is refused; the scheme is never added. */
  scheme?: 'bearer' | 'basic';
  /** The value goes into this query parameter instead of the header. */
  to?: { query: string };
}
