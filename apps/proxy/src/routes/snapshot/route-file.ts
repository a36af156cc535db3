import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { BUCKETS } from '@lethe/contracts';
import type { UpdateResult, RouteTable } from './route-table.js';
import { isStoredEntry, type StoredEntry } from './stored-routes.js';

/** Entries that are verified side by side, or written with one call. */
const GROUP = 64;
/** Lines that may be outdated besides as many as are current. */
const SPARE_LINES = 1_000;

/**
 * The routes of last time, so that a proxy serves though registry, database and bus are all down. Holds what is published
 * anyway (signatures, blocks), never a secret; what is read is verified like anything else. One line per entry, added as
 * it comes: a change costs as much as it is long, however much is published.
 */
export class RouteFile {
  private lines = 0;
  /** What is there is not known to be a prefix of what should be. */
  private isUnknown = true;

  constructor(
    private readonly path: string,
    private readonly spareLines = SPARE_LINES,
  ) {}

  /** Whether there was something to read. */
  async loadInto(table: RouteTable, now: number): Promise<boolean> {
    let group: StoredEntry[] = [];
    let lines = 0;
    const flush = async (): Promise<void> => {
      const entries = group;
      group = [];
      await Promise.all(entries.map((entry) => offer(table, entry, now)));
    };
    try {
      for await (const line of createInterface({ input: createReadStream(this.path, 'utf8') })) {
        const entry = entryOf(line);
        if (!entry) continue;
        lines += 1;
        // Kinds are not mixed in a group: what is written first is taken first.
        if (group.length >= GROUP || (group[0] && group[0][0] !== entry[0])) await flush();
        group.push(entry);
      }
    } catch {
      // As if it ended there.
    }
    await flush();
    table.dirtyKeys.drain();
    this.lines = lines;
    this.isUnknown = lines === 0;
    return lines > 0;
  }

  /** Adds what is new, or writes the file anew when most of it is outdated. */
  async save(table: RouteTable): Promise<void> {
    const taken = table.dirtyKeys.drain();
    const isWorn = this.lines + taken.length > 2 * table.storedCount() + this.spareLines;
    if (this.isUnknown || isWorn) return this.rewrite(table);
    const added = taken.map(([kind, key]) => table.stored(kind, key)).filter((entry) => entry !== undefined);
    this.isUnknown = true;
    // The line before may have been cut off.
    await appendFile(this.path, `\n${added.map((entry) => lineOf(entry)).join('')}`, { mode: 0o600 });
    this.isUnknown = false;
    this.lines += added.length;
  }

  /** Replaces the file as a whole: a reader sees the old one or the new one. */
  private async rewrite(table: RouteTable): Promise<void> {
    this.isUnknown = true;
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const temporary = `${this.path}.${randomUUID()}`;
    try {
      this.lines = await writeAll(temporary, table.allStored());
      await rename(temporary, this.path);
      this.isUnknown = false;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}

/** The file of last time when another process of this proxy writes it. */
export class ReadOnlyRouteFile extends RouteFile {
  override async save(table: RouteTable): Promise<void> {
    table.dirtyKeys.drain();
  }
}

async function writeAll(path: string, entries: Iterable<StoredEntry>): Promise<number> {
  const file = await open(path, 'w', 0o600);
  try {
    let count = 0;
    let group: string[] = [];
    for (const entry of entries) {
      count += 1;
      if (group.push(lineOf(entry)) < GROUP) continue;
      await file.write(group.join(''));
      group = [];
    }
    await file.write(group.join(''));
    return count;
  } finally {
    await file.close();
  }
}

async function offer(table: RouteTable, [kind, key, value]: StoredEntry, now: number): Promise<UpdateResult> {
  if (kind === BUCKETS.blocks) return table.applyPackedBlock(key, Buffer.from(value, 'base64'), now);
  if (kind === BUCKETS.callers) return table.applyCaller(key, value);
  return kind === BUCKETS.servers ? table.applyManifest(key, value) : table.applyReceipt(value);
}

function lineOf(entry: StoredEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Undefined for a line that was cut off, or is of another version. */
function entryOf(line: string): StoredEntry | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return isStoredEntry(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}
