import { VENDOR_PREFIXES } from '@lethe/mcp';

/** Well-known beginnings of tokens, which documentation quotes freely: they say whose token it is, not which. */
const VENDOR_PREFIX = new RegExp(`^(?:${VENDOR_PREFIXES.any}|eyJ)`);

const JWT = /^eyJ[\w-]+\.(eyJ[\w-]+\.[\w-]*)$/;

/** The part of a secret that is secret: without the header of a JWT, without a vendor's prefix. */
export function secretPart(secret: string): string {
  const jwt = JWT.exec(secret)?.[1];
  const rest = jwt ?? secret.replace(VENDOR_PREFIX, '');
  return rest.length >= MIN_SECRET_LENGTH ? rest : secret;
}

/** Shorter values would be found in ordinary words; they can't be guarded. */
export const MIN_SECRET_LENGTH = 8;
/** Any run of so many characters of a longer secret counts as the secret. */
export const WINDOW_LENGTH = 16;
