/** The form of a signature in compact serialization (RFC 7515, section 7.1). */
export const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** The form of something sealed in compact serialization (RFC 7516, section 7.1); its key may be agreed on and be empty. */
export const COMPACT_JWE = /^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/;
