import { type CatalogueItem, type ExposedItem, MAX_BLOCK_BYTES } from '@lethe/contracts';
import { blockDigest } from '@lethe/sealing';

/** Content-addressed bytes. */
export interface EncodedBlock {
  digest: string;
  bytes: string;
}

/** A block travels inside JSON as well, where its quotes are escaped: this much room is left for that. */
const TARGET_BYTES = 150 * 1024;
/** So many names of one gateway in a row have blocks of their own; bounds the blocks of a server that mixes gateways. */
const NAMES_IN_A_ROW = 4;

function encode(kind: string, parts: string[]): EncodedBlock {
  const bytes = `{"kind":"${kind}","items":[${parts.join(',')}]}`;
  if (Buffer.byteLength(bytes) > MAX_BLOCK_BYTES) throw new RangeError('An item is too long for a block');
  return { digest: blockDigest(bytes), bytes };
}

/** Cuts items into blocks, in order; the same items give the same blocks. No items, no block. */
export function toCatalogueBlocks(items: CatalogueItem[]): EncodedBlock[] {
  return toBlocks('catalogue', items);
}

/** As catalogues, and cut between gateways: servers that bundle one alike name the same blocks. */
export function toNamesBlocks(lines: ExposedItem[]): EncodedBlock[] {
  return partsByGateway(lines).flatMap((part) => toBlocks('names', part));
}

/** In order; gateways with a few names in a row share a part with their neighbours. */
function partsByGateway(lines: ExposedItem[]): ExposedItem[][] {
  const parts: ExposedItem[][] = [];
  let isOpen = false;
  for (const row of rowsOf(lines)) {
    const isShort = row.length < NAMES_IN_A_ROW;
    if (isShort && isOpen) parts.at(-1)?.push(...row);
    else parts.push(row);
    isOpen = isShort;
  }
  return parts;
}

function rowsOf(lines: ExposedItem[]): ExposedItem[][] {
  const rows: ExposedItem[][] = [];
  for (const line of lines) {
    const row = rows.at(-1);
    if (row?.[0]?.gateway === line.gateway) row.push(line);
    else rows.push([line]);
  }
  return rows;
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
