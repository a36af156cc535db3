import { MAX_BLOCK_BYTES, type CatalogueItem } from '@lethe/contracts';

/** Cuts a catalogue into runs of items whose JSON fits a bus message each; none for an empty catalogue. */
export function cataloguePartsOf(
  items: readonly CatalogueItem[],
  maxBytes: number = MAX_BLOCK_BYTES,
): CatalogueItem[][] {
  const parts: CatalogueItem[][] = [];
  let room = 0;
  for (const item of items) {
    const bytes = Buffer.byteLength(JSON.stringify(item)) + 1;
    const last = parts.at(-1);
    if (last === undefined || bytes > room) {
      parts.push([item]);
      room = maxBytes - bytes;
    } else {
      last.push(item);
      room -= bytes;
    }
  }
  return parts;
}
