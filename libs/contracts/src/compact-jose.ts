/** The form of a signature in compact serialization (RFC 7515, section 7.1). */
export const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** The form of a JWE in compact serialization (RFC 7516, section 7.1). With key agreement, its encrypted key is empty. */
export const COMPACT_JWE = /^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/;
