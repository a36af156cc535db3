import { useQueries, type UseQueryResult } from '@tanstack/react-query';
import { type Catalogue, catalogueOf, gatewaysWithTag } from '../../api/gateway-items.js';
import type { IncludeRule, ItemPick } from './server-draft.js';

/** What was read of the gateways that a draft is about. */
export interface Catalogues {
  all: readonly Catalogue[];
  isReading: boolean;
  error: unknown;
}

/** Reads the catalogues of all gateways that items and rules are about, by name or by a tag. */
export function useCatalogues(
  items: readonly Pick<ItemPick, 'gateway'>[],
  include: readonly IncludeRule[],
  others: readonly string[] = [],
): Catalogues {
  const tags = [...new Set(include.flatMap(({ gatewayTags = [] }) => gatewayTags))];
  const carriers = useQueries({ queries: tags.map(gatewaysWithTag), combine: joinSlugs });
  const named = [...items, ...include].flatMap(({ gateway }) => gateway ?? []);
  const slugs = [...new Set([...named, ...others, ...carriers])].filter((slug) => slug !== '');
  return useQueries({ queries: slugs.map(catalogueOf), combine: joinCatalogues });
}

function joinSlugs(results: UseQueryResult<string[]>[]): string[] {
  return results.flatMap(({ data = [] }) => data);
}

function joinCatalogues(results: UseQueryResult<Catalogue | null>[]): Catalogues {
  return {
    all: results.flatMap(({ data }) => data ?? []),
    isReading: results.some(({ data, error }) => data === undefined && !error),
    error: results.find(({ error }) => error)?.error,
  };
}
