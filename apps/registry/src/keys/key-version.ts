import { createHash } from 'node:crypto';
import { canonicalJson } from '@lethe/sealing';
import type { CallerKey } from './caller-key.entity.js';
import { endOf } from './key-end.js';

/** A number that differs after a change of what administrators set: for `ETag` and `If-Match`, since rows of keys count nothing. */
export function keyVersion(key: CallerKey): number {
  const { name, servers, roles, replacedBy } = key;
  const content = canonicalJson([name, servers, roles ?? [], endOf(key)?.toISOString() ?? null, replacedBy ?? null]);
  return createHash('sha256').update(content).digest().readUInt32BE();
}
