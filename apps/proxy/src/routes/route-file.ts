import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RouteBook, StoredRoutes } from './route-book.js';

const VERSION = 2;

/**
 * The routes of last time, so that a proxy serves though registry, database and bus are all down. Holds what is published
 * anyway (signatures, blocks), never a secret; what is read is verified like anything else.
 */
export class RouteFile {
  constructor(private readonly path: string) {}

  /** Whether there was something to read. */
  async loadInto(book: RouteBook, now: number): Promise<boolean> {
    const stored = await this.read();
    if (!stored) return false;
    // Before the servers, so that none of them is served by a receipt that was outdated already.
    await Promise.all(stored.receipts.map(([, jws]) => book.offerReceipt(jws)));
    for (const [digest, bytes] of stored.blocks) book.offerBlock(digest, bytes, now);
    await Promise.all(stored.servers.map(([slug, jws]) => book.offerManifest(slug, jws)));
    await Promise.all(stored.callers.map(([keyId, jws]) => book.offerCaller(keyId, jws)));
    return true;
  }

  /** Replaces the file as a whole: a reader sees the old one or the new one. */
  async save(book: RouteBook): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const temporary = `${this.path}.${randomUUID()}`;
    try {
      await writeFile(temporary, JSON.stringify({ version: VERSION, ...book.snapshot() }), { mode: 0o600 });
      await rename(temporary, this.path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  private async read(): Promise<StoredRoutes | undefined> {
    try {
      const parsed: unknown = JSON.parse(await readFile(this.path, 'utf8'));
      return isStoredRoutes(parsed) ? parsed : undefined;
    } catch {
      return undefined;
    }
  }
}

function isStoredRoutes(value: unknown): value is StoredRoutes {
  if (typeof value !== 'object' || value === null || !('version' in value) || value.version !== VERSION) return false;
  const lists = [
    'servers' in value ? value.servers : undefined,
    'callers' in value ? value.callers : undefined,
    'blocks' in value ? value.blocks : undefined,
    'receipts' in value ? value.receipts : undefined,
  ];
  return lists.every((list) => Array.isArray(list) && list.every(isPair));
}

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}
