import type { Comparison } from './compare.js';
import type { Cell } from './allowed-differences.js';
import { type Difference, differences } from './differences.js';
import type { Observation } from './observe.js';
import type { SdkClientName } from './sdk-clients.js';

/** How one client sees one server through Lethe, beside what it or its sister sees directly. */
export interface ComparedCell extends Cell {
  client: SdkClientName;
  /** Refused through Lethe, as it is directly. */
  isRefused: boolean;
  found: Difference[];
  comparison: Comparison;
}

/** The cells of one server. A client that can't connect directly is compared with one that can. */
export function cellsOf(comparisons: readonly Comparison[], isSessionful: boolean): ComparedCell[] {
  const views = new Map(comparisons.map(({ client, direct }) => [client, direct]));
  const speaks = {
    legacy: isConnected(views.get('legacy')),
    modern: isConnected(views.get('pinned')),
  };
  return comparisons.map((comparison) => {
    const { client, direct, through } = comparison;
    const substitute = views.get(speaks.legacy ? 'legacy' : 'pinned') ?? {};
    const era = String(through['protocolVersion']) >= '2026' ? 'modern' : 'legacy';
    return {
      client,
      era,
      isSessionful,
      isRelayed: speaks[era],
      isRefused: !isConnected(through),
      found: differences(isConnected(direct) ? direct : substitute, through),
      comparison,
    };
  });
}

export function isConnected(view: Observation | undefined): view is Observation {
  return view !== undefined && !('refused' in view);
}
