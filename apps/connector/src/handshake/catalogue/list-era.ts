import {
  type CatalogueItem,
  CONDITIONAL_CAPABILITIES,
  type ConditionalCapability,
  type EraFacts,
  itemKey,
  type ItemKind,
  type SkippedItem,
  type HandshakeWarning,
} from '@lethe/contracts';
import { settled } from '../client/network-error.js';
import { ALL_CAPABILITIES, type ClientCapabilities, ONE_CAPABILITY } from '../eras/client-capabilities.js';
import type { NegotiatedFacts, UpstreamConnection } from '../eras/upstream-connection.js';
import type { Visits } from '../eras/visits.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { failureWarning } from './failure-warning.js';
import { listAll } from './list-all.js';

/** What one era of an upstream lists, in list order; items that depend on client capabilities come last. */
export interface EraCatalogue {
  facts: NegotiatedFacts & Pick<EraFacts, 'listScope'>;
  items: CatalogueItem[];
  skipped: SkippedItem[];
  /** Keys of skipped items that have a name. */
  skippedKeys: ReadonlyMap<SkippedItem, string>;
  /** Number of skipped items, of which `skipped` names the first ones. */
  skippedCount: number;
  requested: string[];
  warnings: HandshakeWarning[];
}

/**
 * Lists everything of one era: as a client without capabilities sees it, and as one with all of them does. Only if the
 * lists differ, it is visited with one capability at a time.
 * @throws HandshakeFailure if the lists can't be read without capabilities
 */
export async function listEra(connection: UpstreamConnection, visits: Visits): Promise<EraCatalogue> {
  const { facts } = connection;
  const plain = listOnce(connection);
  const visitWithAll = (): Promise<CatalogueItem[]> => itemsWith(ALL_CAPABILITIES, facts, visits);
  // A server may keep one session only, so that a second one would end the first.
  const capable = facts.sessionful ? plain.then(visitWithAll) : visitWithAll();
  const [found, all] = await Promise.all([plain, settled(capable)]);
  if (all instanceof HandshakeFailure) return withWarning(found, all);
  const known = new Set(found.items.map(itemKey));
  const conditional = all.filter((item) => !known.has(itemKey(item)));
  return conditional.length === 0 ? found : addConditional(found, conditional, visits);
}

/**
 * Lists what a client without capabilities sees, and closes the connection.
 * @throws HandshakeFailure
 */
export async function listOnce(connection: UpstreamConnection): Promise<EraCatalogue> {
  const { facts } = connection;
  const { catalogue, listScope, requested } = await listAll(connection).finally(() => connection.close());
  const { items, skipped, skippedKeys, counts } = catalogue;
  const skippedCount = counts.skipped;
  return { facts: { ...facts, listScope }, items, skipped, skippedKeys, skippedCount, requested, warnings: [] };
}

async function addConditional(
  found: EraCatalogue,
  conditional: readonly CatalogueItem[],
  visits: Visits,
): Promise<EraCatalogue> {
  const kinds = new Set(conditional.map(({ kind }) => kind));
  const visitWith = (capability: ConditionalCapability): Promise<CatalogueItem[]> =>
    itemsWith(ONE_CAPABILITY[capability], found.facts, visits, kinds);
  const seen = await Promise.all(CONDITIONAL_CAPABILITIES.map((capability) => settled(visitWith(capability))));
  const failure = seen.find((each) => each instanceof HandshakeFailure);
  const keys = seen.map((each) => new Set(each instanceof HandshakeFailure ? [] : each.map(itemKey)));
  const items = conditional.map((item) => {
    const sufficient = CONDITIONAL_CAPABILITIES.find((_capability, index) => keys[index]?.has(itemKey(item)));
    return { ...item, needs: sufficient ? [sufficient] : [...CONDITIONAL_CAPABILITIES] };
  });
  const complete = { ...found, items: [...found.items, ...items] };
  return failure ? withWarning(complete, failure) : complete;
}

async function itemsWith(
  capabilities: ClientCapabilities,
  { era }: NegotiatedFacts,
  visits: Visits,
  kinds?: ReadonlySet<ItemKind>,
): Promise<CatalogueItem[]> {
  const { catalogue } = await visits.again(era, capabilities, (connection) => listAll(connection, kinds));
  return catalogue.items;
}

function withWarning(found: EraCatalogue, failure: HandshakeFailure): EraCatalogue {
  const warning = failureWarning('conditional_failed', found.facts.era, failure);
  return { ...found, warnings: [...found.warnings, warning] };
}
