import { randomBytes } from 'node:crypto';

/** A token that is shown once: `<prefix>_<id>_<secret>`. Only its id and an authentication code of its secret are stored. */
export interface NewSecret {
  /** 16 hex digits; not secret. */
  id: string;
  /** 256 random bits, base64url. */
  secret: string;
  token: string;
}

/** Prefix of every administrator's token. */
export const ADMIN_TOKEN_PREFIX = 'lethe_admin';

const ID = '[0-9a-f]{16}';
const SECRET = '[\\w-]{43}';

/** Generates a token, such as `lethe_key_<id>_<secret>` for the prefix `lethe_key`. */
export function newSecret(prefix: string): NewSecret {
  const id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { id, secret, token: `${prefix}_${id}_${secret}` };
}

/** Parses a token from a request; undefined if it is malformed. */
export function readSecret(prefix: string, token: string): { id: string; secret: string } | undefined {
  if (!token.startsWith(`${prefix}_`)) return undefined;
  const match = new RegExp(`^(${ID})_(${SECRET})$`).exec(token.slice(prefix.length + 1));
  const [, id, secret] = match ?? [];
  return id !== undefined && secret !== undefined ? { id, secret } : undefined;
}
