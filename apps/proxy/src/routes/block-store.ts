import type { Block, CatalogueItem, ExposedItem } from '@lethe/contracts';
import { blockDigest } from '@lethe/sealing';

/** How long a block that no manifest names is kept: its manifest may be on its way. */
const KEEP_UNUSED_MS = 10 * 60_000;

interface Held {
  bytes: string;
  heldSince: number;
  parsed?: Block;
}

/** Content-addressed pieces of catalogues. What does not have the digest it is named by is not there. */
export class BlockStore {
  private readonly held = new Map<string, Held>();

  /** False when the bytes are not what the digest says. */
  add(digest: string, bytes: string, now: number): boolean {
    if (this.held.has(digest)) return true;
    if (blockDigest(bytes) !== digest) return false;
    this.held.set(digest, { bytes, heldSince: now });
    return true;
  }

  missing(digests: Iterable<string>): string[] {
    return [...new Set(digests)].filter((digest) => !this.held.has(digest));
  }

  catalogue(digests: readonly string[]): CatalogueItem[] {
    return digests.flatMap((digest) => {
      const block = this.parse(digest);
      return block?.kind === 'catalogue' ? block.items : [];
    });
  }

  names(digests: readonly string[]): ExposedItem[] {
    return digests.flatMap((digest) => {
      const block = this.parse(digest);
      return block?.kind === 'names' ? block.items : [];
    });
  }

  /** `[digest, bytes]` of those named. */
  entries(digests: Iterable<string>): [string, string][] {
    return [...new Set(digests)].flatMap((digest) => {
      const held = this.held.get(digest);
      return held ? [[digest, held.bytes] satisfies [string, string]] : [];
    });
  }

  /** Forgets what is neither used nor new. */
  prune(used: ReadonlySet<string>, now: number): void {
    for (const [digest, { heldSince }] of this.held) {
      if (!used.has(digest) && now - heldSince > KEEP_UNUSED_MS) this.held.delete(digest);
    }
  }

  private parse(digest: string): Block | undefined {
    const held = this.held.get(digest);
    // Bytes that have the digest a signed manifest names are what the registry wrote.
    if (held) held.parsed ??= JSON.parse(held.bytes) as Block;
    return held?.parsed;
  }
}
