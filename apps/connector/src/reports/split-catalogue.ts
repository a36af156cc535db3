import { MAX_BLOCK_BYTES, type CatalogueItem } from '@lethe/contracts';

/** Space for items in the last event, beside the facts, the skipped items and the receipt. */
const MAX_REST_BYTES = 96 * 1024;

/** A catalogue as it is sent: parts of one bus message each, then the rest with the final event. */
export interface SplitCatalogue {
  parts: CatalogueItem[][];
  rest: CatalogueItem[];
}

/** Splits a catalogue in order. A short one has no parts. */
export function splitCatalogue(items: readonly CatalogueItem[]): SplitCatalogue {
  const runs = runsOf(items);
  const last = runs.at(-1);
  const isShort = last !== undefined && bytesOf(last) <= MAX_REST_BYTES;
  return isShort ? { parts: runs.slice(0, -1), rest: last } : { parts: runs, rest: [] };
}

/** Runs of items whose JSON fits into one bus message; none for an empty catalogue. */
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
