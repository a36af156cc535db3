import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Block, ExposedItem } from '@lethe/contracts';
import { blockDigest } from '@lethe/sealing';
import { type CataloguesByGateway, ExposedNames } from './exposed-names.js';
import { SharedCatalogue } from './shared-catalogue.js';
import type { SharedNames } from './shared-names.js';

/** How long a block that no manifest names is kept: its manifest may not have arrived yet. */
const KEEP_UNUSED_MS = 10 * 60_000;
/** The fastest level: names are repetitive, and shrink to a tenth. */
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: 32 * 1024 };
const MAX_BLOCK_BYTES = 4 * 1024 * 1024;

interface StoredBlock {
  packed: Buffer;
  heldSince: number;
}

/**
 * Content-addressed parts of catalogues, kept compressed: most of them are not used yet. Bytes without the right digest
 * are not accepted.
 */
export class BlockStore {
  private readonly stored = new Map<string, StoredBlock>();
  private readonly catalogues = new Map<string, SharedCatalogue>();
  private readonly namesBlocks = new Map<string, ExposedNames>();

  /** Returns false when the bytes do not have this digest. */
  add(digest: string, bytes: string, now: number): boolean {
    if (this.stored.has(digest)) return true;
    if (blockDigest(bytes) !== digest) return false;
    // A copy: the compressor returns the beginning of a much larger buffer.
    this.stored.set(digest, { packed: Buffer.from(zstdCompressSync(bytes, LEVEL)), heldSince: now });
    return true;
  }

  /** As `add`, for bytes that `packed` returned. */
  addPacked(digest: string, packed: Buffer, now: number): boolean {
    if (this.stored.has(digest)) return true;
    const bytes = unpacked(packed);
    if (bytes === undefined || blockDigest(bytes) !== digest) return false;
    this.stored.set(digest, { packed, heldSince: now });
    return true;
  }

  get size(): number {
    return this.stored.size;
  }

  packed(digest: string): Buffer | undefined {
    return this.stored.get(digest)?.packed;
  }

  digests(): Iterable<string> {
    return this.stored.keys();
  }

  has(digest: string): boolean {
    return this.stored.has(digest);
  }

  missing(digests: Iterable<string>): string[] {
    return [...new Set(digests)].filter((digest) => !this.stored.has(digest));
  }

  /** The catalogue of one gateway in these blocks; the same object for all virtual servers that use it. */
  catalogue(gatewayId: string, digests: readonly string[]): SharedCatalogue {
    const key = `${gatewayId} ${digests.join(' ')}`;
    const known = this.catalogues.get(key);
    if (known) return known;
    const items = digests.flatMap((digest) => {
      const block = this.read(digest);
      return block?.kind === 'catalogue' ? block.items : [];
    });
    const catalogue = new SharedCatalogue(digests, items);
    // Missing blocks are read as empty; such a catalogue must not be cached.
    if (digests.every((digest) => this.stored.has(digest))) this.catalogues.set(key, catalogue);
    return catalogue;
  }

  /** The names of one block over these catalogues; the same object for all virtual servers that have the same. */
  names(digest: string, catalogues: CataloguesByGateway): SharedNames {
    const known = this.namesBlocks.get(digest) ?? new ExposedNames(() => this.readNames(digest));
    if (this.stored.has(digest)) this.namesBlocks.set(digest, known);
    return known.over(catalogues);
  }

  /** Drops blocks that are neither used nor new. */
  prune(used: ReadonlySet<string>, now: number): void {
    for (const [digest, { heldSince }] of this.stored) {
      if (!used.has(digest) && now - heldSince > KEEP_UNUSED_MS) this.stored.delete(digest);
    }
    for (const [key, { digests }] of this.catalogues) {
      if (!digests.every((digest) => used.has(digest))) this.catalogues.delete(key);
    }
    for (const [digest, names] of this.namesBlocks) {
      if (used.has(digest)) names.prune((catalogue) => catalogue.digests.every((one) => used.has(one)));
      else this.namesBlocks.delete(digest);
    }
  }

  private readNames(digest: string): readonly ExposedItem[] {
    const block = this.read(digest);
    return block?.kind === 'names' ? block.items : [];
  }

  private read(digest: string): Block | undefined {
    const block = this.stored.get(digest);
    // The digest is in a signed manifest, so the registry wrote these bytes.
    return block && (JSON.parse(unpacked(block.packed) ?? 'null') as Block);
  }
}

/** Undefined for bytes that are not compressed in this way. */
function unpacked(packed: Buffer): string | undefined {
  try {
    return zstdDecompressSync(packed, { maxOutputLength: MAX_BLOCK_BYTES }).toString('utf8');
  } catch {
    return undefined;
  }
}
