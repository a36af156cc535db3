import { createHash } from 'node:crypto';
import { canonicalJson } from '@lethe/sealing';
import type { CallerKey } from './caller-key.entity.js';

/** A number that differs after a change of what administrators set: for `ETag` and `If-Match`, since rows of keys count nothing. */
export function keyVersion({ name, servers, roles, expiresAt }: CallerKey): number {
  const content = canonicalJson([name, servers, roles ?? [], expiresAt?.toISOString() ?? null]);
  return createHash('sha256').update(content).digest().readUInt32BE();
}
