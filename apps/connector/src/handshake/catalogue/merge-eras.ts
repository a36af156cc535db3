import {
  CATALOGUE_LIMITS,
  type CatalogueItem,
  CONDITIONAL_CAPABILITIES,
  type Era,
  ITEM_KINDS,
  type ItemCounts,
  itemKey,
  type SkippedItem,
} from '@lethe/contracts';
import { canonicalJson } from '@lethe/sealing';
import { HANDSHAKE_LIMITS } from '../outcome/limits.js';
import type { DiscoveredCatalogue } from '../outcome/outcome.js';
import { countsOf } from './catalogue-collector.js';
import { bytesOf } from './item-rules.js';
import type { EraCatalogue } from './list-era.js';

type Merged = Pick<DiscoveredCatalogue, 'items' | 'skipped' | 'counts'>;

/**
 * One catalogue of the lists of one or two eras. An item of both is one item, with both definitions where they differ;
 * an item of one of them says so.
 * @param main of two eras the modern one
 */
export function mergeEras(main: EraCatalogue, other: EraCatalogue | undefined): Merged {
  const budget = new CatalogueBudget();
  const items = byKind(other ? fitting(joined(main, other), other.facts.era, budget) : budget.fitting(main.items));
  const kept = new Set(items.map(itemKey));
  const skipped = [...skippedIn(main, kept), ...(other ? skippedInOther(main, other, kept) : []), ...budget.skipped];
  const unnamed = [main, other].reduce((sum, era) => sum + (era ? era.skippedCount - era.skipped.length : 0), 0);
  const inEra = (era: Era): ItemCounts => countsOf(items.filter(({ onlyIn }) => (onlyIn ?? era) === era));
  const conditional = items.filter(({ needs }) => needs).length;
  const counts = {
    ...countsOf(items),
    skipped: skipped.length + unnamed,
    ...(conditional > 0 && { conditional }),
    ...(other && { byEra: { legacy: inEra('legacy'), modern: inEra('modern') } }),
  };
  return { items, skipped: skipped.slice(0, HANDSHAKE_LIMITS.maxSkippedNamed), counts };
}

/** All items of both eras, those of the main one first. */
function joined(main: EraCatalogue, other: EraCatalogue): CatalogueItem[] {
  const others = new Map(other.items.map((item) => [itemKey(item), item]));
  const items = main.items.map((item): CatalogueItem => {
    const twin = others.get(itemKey(item));
    others.delete(itemKey(item));
    return twin ? ofBoth(item, twin) : { ...item, onlyIn: main.facts.era };
  });
  return [...items, ...[...others.values()].map((item) => ({ ...item, onlyIn: other.facts.era }))];
}

function ofBoth(modern: CatalogueItem, legacy: CatalogueItem): CatalogueItem {
  const isSame = canonicalJson(modern.definition) === canonicalJson(legacy.definition);
  // Both lists must show what is listed, so that a call finds the item in whichever era it is made.
  const needs = CONDITIONAL_CAPABILITIES.filter((name) => modern.needs?.includes(name) || legacy.needs?.includes(name));
  const { kind, own, definition } = modern;
  return {
    ...{ kind, own, definition },
    ...(!isSame && { legacyDefinition: legacy.definition }),
    ...(needs.length > 0 && { needs }),
  };
}

/** What fits: the main era as if there were no other one, then its second definitions, then items of the other era alone. */
function fitting(items: readonly CatalogueItem[], otherEra: Era, budget: CatalogueBudget): CatalogueItem[] {
  const { true: ofOther = [], false: ofMain = [] } = Object.groupBy(items, ({ onlyIn }) => `${onlyIn === otherEra}`);
  const kept = budget.fitting(byKind(ofMain)).map((item) => budget.withBoth(item));
  return [...kept, ...budget.fitting(byKind(ofOther))];
}

function byKind(items: readonly CatalogueItem[]): CatalogueItem[] {
  return ITEM_KINDS.flatMap((kind) => items.filter((item) => item.kind === kind));
}

/** Keeps the merged catalogue within the limits of one gateway. */
class CatalogueBudget {
  readonly skipped: SkippedItem[] = [];
  private count = 0;
  private bytes = 0;

  /** The items that fit with one definition. */
  fitting(items: readonly CatalogueItem[]): CatalogueItem[] {
    return items.filter(({ kind, definition }) => {
      const isFull = this.count >= CATALOGUE_LIMITS.maxItems;
      if (!isFull && this.take(bytesOf(definition))) {
        this.count += 1;
        return true;
      }
      this.skipped.push({ kind, index: this.count, reason: isFull ? 'too_many' : 'too_large' });
      return false;
    });
  }

  /** An item of `fitting`, without its second definition if that does not fit. */
  withBoth(item: CatalogueItem): CatalogueItem {
    const { legacyDefinition, ...one } = item;
    if (!legacyDefinition) return item;
    const bytes = bytesOf(legacyDefinition);
    const isShort = bytesOf(item.definition) + bytes <= CATALOGUE_LIMITS.maxItemBytes;
    // Otherwise legacy clients call it in the era of the definition that is left.
    return isShort && this.take(bytes) ? item : { ...one, onlyIn: 'modern' };
  }

  private take(bytes: number): boolean {
    if (this.bytes + bytes > CATALOGUE_LIMITS.maxBytes) return false;
    this.bytes += bytes;
    return true;
  }
}

/** Without the items that the other era has in a form that can be kept. */
function skippedIn({ skipped, skippedKeys }: EraCatalogue, kept: ReadonlySet<string>): SkippedItem[] {
  return skipped.filter((each) => !kept.has(skippedKeys.get(each) ?? ''));
}

/** As `skippedIn`, also without the items that are skipped in the main era. */
function skippedInOther(main: EraCatalogue, other: EraCatalogue, kept: ReadonlySet<string>): SkippedItem[] {
  const named = new Set([...kept, ...main.skippedKeys.values()]);
  return skippedIn(other, named).map((each) => ({ ...each, era: other.facts.era }));
}
