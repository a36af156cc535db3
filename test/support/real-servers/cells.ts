import type { Comparison } from './compare.js';
import type { Cell } from './allowed-differences.js';
import { type Difference, differences } from './differences.js';
import type { Observation } from './observe.js';
import type { Probe } from './probe.js';
import type { SdkClientName } from './sdk-clients.js';

const LISTS = ['tools', 'resources', 'templates', 'prompts'] as const;

/** How one client sees one server through Lethe, beside what it or its sister sees directly. */
export interface ComparedCell extends Cell {
  client: SdkClientName;
  /** Refused through Lethe, as it is directly. */
  isRefused: boolean;
  /** Compared with what another client sees directly, because this one can't use the server. */
  isSubstituted: boolean;
  found: Difference[];
  comparison: Comparison;
}

/** The cells of one server. A client that can't use it directly is compared with one that can. */
export function cellsOf(comparisons: readonly Comparison[], probe: Probe): ComparedCell[] {
  const isSessionful = probe.initialize.endsWith('session');
  const views = new Map(comparisons.map(({ client, direct }) => [client, direct]));
  const legacy = views.get('legacy');
  const speaks = { legacy: isUsable(legacy), modern: isUsable(views.get('pinned')) };
  return comparisons.map((comparison) => {
    const { client, direct, through } = comparison;
    const substitute = (speaks.legacy ? legacy : views.get('pinned')) ?? {};
    const isSubstituted = !isUsable(direct) && isUsable(substitute);
    const era = versionOf(through) >= '2026' ? 'modern' : 'legacy';
    return {
      client,
      era,
      isSessionful,
      isSubstituted,
      isRelayed: speaks[era],
      isRefused: !isConnected(through),
      found: differences(isSubstituted ? substitute : direct, through),
      comparison,
    };
  });
}

/** The version that was agreed on; empty if none was. */
export function versionOf({ protocolVersion }: Observation): string {
  return typeof protocolVersion === 'string' ? protocolVersion : '';
}

export function isConnected(view: Observation | undefined): view is Observation {
  return view !== undefined && !('refused' in view);
}

/** Connected, and not to an era in which all lists are empty. */
function isUsable(view: Observation | undefined): view is Observation {
  if (!isConnected(view)) return false;
  return LISTS.some((list) => Array.isArray(view[list]) && view[list].length > 0);
}
