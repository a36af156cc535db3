import type { ItemKind } from '@lethe/contracts';
import { nameMatcher } from '@lethe/mcp';

/** Tags for items of a gateway, kept apart from its catalogue: they survive every verification. */
export interface ItemTags {
  kind: ItemKind;
  /** Glob for the upstream's own names. */
  name: string;
  tags: string[];
}

/** What a tag is for: an item by the name that its upstream uses. */
interface TaggedItem {
  kind: ItemKind;
  own: string;
}

/** Tells the tags of items: those of all entries that match, each once. */
export function itemTagger(entries: readonly ItemTags[]): (item: TaggedItem) => string[] {
  const compiled = entries.map(({ kind, name, tags }) => ({ kind, tags, isNamed: nameMatcher([name]) }));
  return ({ kind, own }) => [
    ...new Set(compiled.flatMap((entry) => (entry.kind === kind && entry.isNamed(own) ? entry.tags : []))),
  ];
}
