import { MAX_BLOCK_BYTES, type CatalogueItem } from '@lethe/contracts';

/** What the last event has room for beside the facts, the skipped items and the receipt. */
const MAX_REST_BYTES = 96 * 1024;

/** How a catalogue travels: in parts that fill a bus message each, then the rest with the event that ends it. */
export interface SplitCatalogue {
  parts: CatalogueItem[][];
  rest: CatalogueItem[];
}

/** Cuts a catalogue, in order; a short one needs no part. */
export function splitCatalogue(items: readonly CatalogueItem[]): SplitCatalogue {
  const runs = runsOf(items);
  const last = runs.at(-1);
  const isShort = last !== undefined && bytesOf(last) <= MAX_REST_BYTES;
  return isShort ? { parts: runs.slice(0, -1), rest: last } : { parts: runs, rest: [] };
}

/** Runs of items whose JSON fits a bus message each; none for an empty catalogue. */
function runsOf(items: readonly CatalogueItem[]): CatalogueItem[][] {
  const runs: CatalogueItem[][] = [];
  let room = 0;
  for (const item of items) {
    const bytes = bytesOf(item) + 1;
    const last = runs.at(-1);
    if (last === undefined || bytes > room) {
      runs.push([item]);
      room = MAX_BLOCK_BYTES - bytes;
    } else {
      last.push(item);
      room -= bytes;
    }
  }
  return runs;
}

function bytesOf(value: CatalogueItem | CatalogueItem[]): number {
  return Buffer.byteLength(JSON.stringify(value));
}
