import { VENDOR_PREFIXES } from '@lethe/mcp';

/** Well-known prefixes of tokens. They are public, and documentation quotes them. */
const VENDOR_PREFIX = new RegExp(`^(?:${VENDOR_PREFIXES.any}|eyJ)`);

const JWT = /^eyJ[\w-]+\.(eyJ[\w-]+\.[\w-]*)$/;

/** The part of a secret that is secret: a JWT without its header, a token without its vendor prefix. */
export function secretPart(secret: string): string {
  const jwt = JWT.exec(secret)?.[1];
  const rest = jwt ?? secret.replace(VENDOR_PREFIX, '');
  return rest.length >= MIN_SECRET_LENGTH ? rest : secret;
}

/** Shorter values occur in ordinary words, so they are not searched for. */
export const MIN_SECRET_LENGTH = 8;
/** This many characters in a row of a longer secret count as the secret. */
export const WINDOW_LENGTH = 16;
