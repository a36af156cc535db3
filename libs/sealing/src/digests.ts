import { createHash } from 'node:crypto';
import type { CatalogueItem, PassthroughMapping, UpstreamFacts } from '@lethe/contracts';
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

/** The part of a gateway's configuration that decides, beside its URL, how a credential is sent. */
export interface TargetForm {
  mappings: readonly PassthroughMapping[];
  /** PEM certificate authority. */
  tlsCa?: string | null | undefined;
}

/** The digest to which a kept credential is bound: SHA-256 over header mappings and certificate authority, hex. */
export function targetDigest({ mappings, tlsCa }: TargetForm): string {
  const form = mappings.map(({ header, required, scheme, to }) => ({
    header,
    required: required ?? false,
    scheme: scheme ?? null,
    query: to?.query ?? null,
  }));
  const text = canonicalJson({ mappings: form, tlsCa: tlsCa ?? null });
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Hash of the published set as lines `key:revision`, independent of their order; hex. */
export function routesHash(lines: string[]): string {
  return createHash('sha256').update(lines.toSorted().join('\n'), 'utf8').digest('hex');
}
