import {
  CATALOGUE_LIMITS,
  type CatalogueCounts,
  type CatalogueItem,
  type Era,
  type ItemCounts,
  itemKey,
  type ItemKind,
  type JsonValue,
  type SkippedItem,
} from '@lethe/contracts';
import { isObject, type ListKind } from '@lethe/mcp';
import { brokenRule, bytesOf } from './item-rules.js';
import { HANDSHAKE_LIMITS } from '../outcome/limits.js';

/** The member of the counts that each kind is counted in. */
const COUNTED_AS: Record<ItemKind, keyof ItemCounts> = {
  tool: 'tools',
  resource: 'resources',
  resourceTemplate: 'resourceTemplates',
  prompt: 'prompts',
};

/** Counts items by their kind. */
export function countsOf(items: readonly CatalogueItem[]): ItemCounts {
  const counts = { tools: 0, resources: 0, resourceTemplates: 0, prompts: 0 };
  for (const { kind } of items) counts[COUNTED_AS[kind]] += 1;
  return counts;
}

/** Collects items in order, within the limits of a catalogue. Items that break a rule are skipped and reported. */
export class CatalogueCollector {
  readonly items: CatalogueItem[] = [];
  readonly skipped: SkippedItem[] = [];
  /** Keys (`itemKey`) of skipped items that have a name. */
  readonly skippedKeys = new Map<SkippedItem, string>();
  private readonly seen = new Set<string>();
  private skippedCount = 0;
  private bytes = 0;

  constructor(private readonly era: Era) {}

  get counts(): CatalogueCounts {
    return { ...countsOf(this.items), skipped: this.skippedCount };
  }

  get isFull(): boolean {
    return this.items.length >= CATALOGUE_LIMITS.maxItems;
  }

  add(list: ListKind, index: number, item: JsonValue): void {
    const own = isObject(item) ? item[list.own] : undefined;
    const reason = this.isFull ? 'too_many' : brokenRule(this.era, list.kind, own, item);
    if (reason !== undefined || !isObject(item) || typeof own !== 'string') {
      return this.skip(list.kind, index, reason ?? 'malformed', own);
    }
    const key = itemKey({ kind: list.kind, own });
    if (this.seen.has(key)) return this.skip(list.kind, index, 'duplicate');
    const bytes = this.bytes + bytesOf(item);
    if (bytes > CATALOGUE_LIMITS.maxBytes) return this.skip(list.kind, index, 'too_large', own);
    this.bytes = bytes;
    this.seen.add(key);
    this.items.push({ kind: list.kind, own, definition: item });
  }

  skip(kind: ItemKind, index: number, reason: SkippedItem['reason'], own?: JsonValue): void {
    this.skippedCount += 1;
    if (this.skipped.length >= HANDSHAKE_LIMITS.maxSkippedNamed) return;
    const skipped = { kind, index, reason };
    this.skipped.push(skipped);
    if (typeof own === 'string') this.skippedKeys.set(skipped, itemKey({ kind, own }));
  }
}
