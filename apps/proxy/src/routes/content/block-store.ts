import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Block, ExposedItem } from '@lethe/contracts';
import { blockDigest } from '@lethe/sealing';
import { type CataloguesByGateway, NamesBlock } from './names-block.js';
import { SharedCatalogue } from './shared-catalogue.js';
import type { SharedNames } from './shared-names.js';

/** How long a block that no manifest names is kept: its manifest may be on its way. */
const KEEP_UNUSED_MS = 10 * 60_000;
/** Names repeat themselves: the fastest level leaves a tenth of them. */
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: 32 * 1024 };
const MAX_BLOCK_BYTES = 4 * 1024 * 1024;

interface Held {
  packed: Buffer;
  heldSince: number;
}

/**
 * Content-addressed pieces of catalogues, packed: most of them wait for a first use. What does not have the digest it is
 * named by is not there.
 */
export class BlockStore {
  private readonly held = new Map<string, Held>();
  private readonly catalogues = new Map<string, SharedCatalogue>();
  private readonly namesBlocks = new Map<string, NamesBlock>();

  /** False when the bytes are not what the digest says. */
  add(digest: string, bytes: string, now: number): boolean {
    if (this.held.has(digest)) return true;
    if (blockDigest(bytes) !== digest) return false;
    // A copy: what the compressor gives is the beginning of a much longer buffer.
    this.held.set(digest, { packed: Buffer.from(zstdCompressSync(bytes, LEVEL)), heldSince: now });
    return true;
  }

  /** As `add`, for what `packed` gave. */
  addPacked(digest: string, packed: Buffer, now: number): boolean {
    if (this.held.has(digest)) return true;
    const bytes = unpacked(packed);
    if (bytes === undefined || blockDigest(bytes) !== digest) return false;
    this.held.set(digest, { packed, heldSince: now });
    return true;
  }

  get size(): number {
    return this.held.size;
  }

  packed(digest: string): Buffer | undefined {
    return this.held.get(digest)?.packed;
  }

  digests(): Iterable<string> {
    return this.held.keys();
  }

  has(digest: string): boolean {
    return this.held.has(digest);
  }

  missing(digests: Iterable<string>): string[] {
    return [...new Set(digests)].filter((digest) => !this.held.has(digest));
  }

  /** The catalogue of one gateway in these blocks: one object for all virtual servers that use it. */
  catalogue(gatewayId: string, digests: readonly string[]): SharedCatalogue {
    const key = `${gatewayId} ${digests.join(' ')}`;
    const known = this.catalogues.get(key);
    if (known) return known;
    const items = digests.flatMap((digest) => {
      const block = this.read(digest);
      return block?.kind === 'catalogue' ? block.items : [];
    });
    const catalogue = new SharedCatalogue(digests, items);
    // What is not held is read as empty: that must not outlive its coming back.
    if (digests.every((digest) => this.held.has(digest))) this.catalogues.set(key, catalogue);
    return catalogue;
  }

  /** The names of one block over these catalogues: one object for all virtual servers that have the same. */
  names(digest: string, catalogues: CataloguesByGateway): SharedNames {
    const known = this.namesBlocks.get(digest) ?? new NamesBlock(() => this.readNames(digest));
    if (this.held.has(digest)) this.namesBlocks.set(digest, known);
    return known.over(catalogues);
  }

  /** Forgets what is neither used nor new. */
  prune(used: ReadonlySet<string>, now: number): void {
    for (const [digest, { heldSince }] of this.held) {
      if (!used.has(digest) && now - heldSince > KEEP_UNUSED_MS) this.held.delete(digest);
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
    const held = this.held.get(digest);
    // Bytes that have the digest a signed manifest names are what the registry wrote.
    return held && (JSON.parse(unpacked(held.packed) ?? 'null') as Block);
  }
}

/** Undefined for what was not packed here. */
function unpacked(packed: Buffer): string | undefined {
  try {
    return zstdDecompressSync(packed, { maxOutputLength: MAX_BLOCK_BYTES }).toString('utf8');
  } catch {
    return undefined;
  }
}
