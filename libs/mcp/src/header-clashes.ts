import type { PassthroughMapping } from '@lethe/contracts';
import { exactHeaderName, shortHeaderName } from './header-rules.js';

/** What one gateway contributes to the passthrough headers of a virtual server. */
export interface HeaderSource {
  slug: string;
  mappings: readonly PassthroughMapping[];
}

/**
 * The gateways whose passthrough headers would be ambiguous together with those of earlier gateways: an exact name exists
 * twice, or equals the short form of a header that one of them maps. Names are compared case-insensitively.
 */
export function clashingSources<T extends HeaderSource>(sources: readonly T[]): T[] {
  const exact = new Set<string>();
  const short = new Set<string>();
  return sources.filter(({ slug, mappings }) => {
    const ownExact = mappings.map(({ header }) => exactHeaderName(slug, header).toLowerCase());
    const ownShort = mappings.flatMap(({ header }) => shortHeaderName(header)?.toLowerCase() ?? []);
    const isTwice = new Set(ownExact).size < ownExact.length || ownExact.some((name) => exact.has(name));
    const isShort = ownExact.some((name) => short.has(name) || ownShort.includes(name));
    if (isTwice || isShort || ownShort.some((name) => exact.has(name))) return true;
    for (const name of ownExact) exact.add(name);
    for (const name of ownShort) short.add(name);
    return false;
  });
}
