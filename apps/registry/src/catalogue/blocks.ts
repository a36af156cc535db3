import { type CatalogueItem, type ExposedItem, MAX_BLOCK_BYTES } from '@lethe/contracts';
import { blockDigest } from '@lethe/sealing';

/** The bytes of a block and their digest, which is the block's address. */
export interface EncodedBlock {
  digest: string;
  bytes: string;
}

/** Well below the limit: a block is also sent inside JSON, where escaping its quotes makes it longer. */
const TARGET_BYTES = 150 * 1024;
/**
 * From this many consecutive names of one gateway on, they get blocks of their own. This bounds the number of blocks of
 * a server that mixes gateways.
 */
const MIN_RUN_WITH_OWN_BLOCKS = 4;

function encode(kind: string, parts: string[]): EncodedBlock {
  const bytes = `{"kind":"${kind}","items":[${parts.join(',')}]}`;
  if (Buffer.byteLength(bytes) > MAX_BLOCK_BYTES) throw new RangeError('An item is too long for a block');
  return { digest: blockDigest(bytes), bytes };
}

/** Splits items into blocks, in order. The same items always give the same blocks; no items give no block. */
export function toCatalogueBlocks(items: CatalogueItem[]): EncodedBlock[] {
  return toBlocks('catalogue', items);
}

/** Splits names into blocks, also between gateways, so that servers with the same items of a gateway share blocks. */
export function toNamesBlocks(lines: ExposedItem[]): EncodedBlock[] {
  return partsByGateway(lines).flatMap((part) => toBlocks('names', part));
}

/** Splits by gateway, in order. Short runs of names share a part with their neighbours. */
function partsByGateway(lines: ExposedItem[]): ExposedItem[][] {
  const parts: ExposedItem[][] = [];
  let isOpen = false;
  for (const run of runsOf(lines)) {
    const isShort = run.length < MIN_RUN_WITH_OWN_BLOCKS;
    if (isShort && isOpen) parts.at(-1)?.push(...run);
    else parts.push(run);
    isOpen = isShort;
  }
  return parts;
}

function runsOf(lines: ExposedItem[]): ExposedItem[][] {
  const runs: ExposedItem[][] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    if (run?.[0]?.gateway === line.gateway) run.push(line);
    else runs.push([line]);
  }
  return runs;
}

function toBlocks(kind: string, items: (CatalogueItem | ExposedItem)[]): EncodedBlock[] {
  const blocks: EncodedBlock[] = [];
  let parts: string[] = [];
  let size = 0;
  for (const item of items) {
    const text = JSON.stringify(item);
    const bytes = Buffer.byteLength(JSON.stringify(text));
    if (parts.length > 0 && size + bytes > TARGET_BYTES) {
      blocks.push(encode(kind, parts));
      [parts, size] = [[], 0];
    }
    parts.push(text);
    size += bytes;
  }
  if (parts.length > 0) blocks.push(encode(kind, parts));
  return blocks;
}
