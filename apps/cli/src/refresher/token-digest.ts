import { createHash } from 'node:crypto';

/** Names a token in messages that must not have it. */
export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
