import { type CatalogueItem, type ExposedItem, MAX_BLOCK_BYTES } from '@lethe/contracts';
import { blockDigest } from '@lethe/sealing';

/** Content-addressed bytes. */
export interface EncodedBlock {
  digest: string;
  bytes: string;
}

/** A block travels inside JSON as well, where its quotes are escaped: this much room is left for that. */
const TARGET_BYTES = 150 * 1024;

function encode(kind: string, parts: string[]): EncodedBlock {
  const bytes = `{"kind":"${kind}","items":[${parts.join(',')}]}`;
  if (Buffer.byteLength(bytes) > MAX_BLOCK_BYTES) throw new RangeError('An item is too long for a block');
  return { digest: blockDigest(bytes), bytes };
}

/** Cuts items into blocks, in order; the same items give the same blocks. No items, no block. */
export function toBlocks(kind: 'catalogue', items: CatalogueItem[]): EncodedBlock[];
export function toBlocks(kind: 'names', items: ExposedItem[]): EncodedBlock[];
export function toBlocks(kind: string, items: (CatalogueItem | ExposedItem)[]): EncodedBlock[] {
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
