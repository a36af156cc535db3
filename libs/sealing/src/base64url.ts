/**
 * Decodes base64url; undefined unless the text is in canonical form. Lenient decoders ignore unused bits and foreign
 * characters, so a modified text could decode to the same bytes.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** The parts of a compact JWS (3) or JWE (5), each canonical base64url; undefined otherwise. */
export function splitCompact(compact: string, parts: 3 | 5): Buffer[] | undefined {
  const segments = compact.split('.');
  if (segments.length !== parts) return undefined;
  const decoded = segments.map((segment) => decodeBase64url(segment));
  return decoded.every((bytes) => bytes !== undefined) ? decoded : undefined;
}
