import { createHash } from 'node:crypto';
import type { CatalogueItem, UpstreamFacts } from '@lethe/contracts';
import { canonicalJson } from './json.js';

/** The key of a block in the blocks bucket: SHA-256 of its bytes (UTF-8), hex. */
export function blockDigest(bytes: string): string {
  return createHash('sha256').update(bytes, 'utf8').digest('hex');
}

/** The digest of a catalogue in its receipt: SHA-256 over the canonical JSON of facts and all items in order, hex. */
export function catalogueDigest(facts: UpstreamFacts, items: CatalogueItem[]): string {
  const hash = createHash('sha256').update(canonicalJson(facts), 'utf8');
  for (const item of items) hash.update('\n').update(canonicalJson(item), 'utf8');
  return hash.digest('hex');
}

/** Hash of the published set as lines `key:revision`, independent of their order; hex. */
export function routesHash(lines: string[]): string {
  return createHash('sha256').update(lines.toSorted().join('\n'), 'utf8').digest('hex');
}
