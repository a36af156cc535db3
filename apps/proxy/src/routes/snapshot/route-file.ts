import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { BUCKETS } from '@lethe/contracts';
import type { RouteTable } from './route-table.js';
import type { UpdateResult } from './signed-entries.js';
import { type DirtyKeys, isStoredEntry, type StoredEntry } from './stored-routes.js';

/** Entries that are verified at the same time, or written with one call. */
const GROUP = 64;
/** How many outdated lines the file may have, beside one for each current entry, before it is rewritten. */
const SPARE_LINES = 1_000;

/**
 * The routes of the last run, so that a proxy can serve while registry, database and bus are all down. Contains only
 * published data (signatures, blocks, sealed credentials), nothing secret in clear; everything that is read is verified again. New entries are
 * appended, one line each: the cost of a change does not depend on how much is published.
 */
export class RouteFile {
  private lines = 0;
  /** The file's content may differ from what was written; the next save rewrites it. */
  private isUnknown = true;

  constructor(
    private readonly path: string,
    private readonly spareLines = SPARE_LINES,
  ) {}

  /** Loads all entries. Resolves with false when there were none. */
  async loadInto(table: RouteTable, now: number): Promise<boolean> {
    let group: StoredEntry[] = [];
    let lines = 0;
    const flush = async (): Promise<void> => {
      const entries = group;
      group = [];
      await Promise.all(entries.map((entry) => applyEntry(table, entry, now)));
    };
    try {
      for await (const line of createInterface({ input: createReadStream(this.path, 'utf8') })) {
        const entry = entryOf(line);
        if (!entry) continue;
        lines += 1;
        // A group has entries of one kind: kinds written first are applied first.
        if (group.length >= GROUP || (group[0] && group[0][0] !== entry[0])) await flush();
        group.push(entry);
      }
    } catch {
      // An unreadable rest is treated as the end of the file.
    }
    await flush();
    table.dirtyKeys.drain();
    this.lines = lines;
    this.isUnknown = lines === 0;
    return lines > 0;
  }

  /** Appends new entries, or rewrites the file when most of it is outdated. What could not be written is written the next time. */
  async save(table: RouteTable): Promise<void> {
    const changed = table.dirtyKeys.drain();
    try {
      await this.write(table, changed);
    } catch (error) {
      for (const [kind, key] of changed) table.dirtyKeys.note(kind, key);
      throw error;
    }
  }

  private async write(table: RouteTable, changed: ReturnType<DirtyKeys['drain']>): Promise<void> {
    const isMostlyOutdated = this.lines + changed.length > 2 * table.storage.count + this.spareLines;
    // What was sealed before must not stay in it.
    const hasKept = changed.some(([kind]) => kind === BUCKETS.kept);
    if (this.isUnknown || isMostlyOutdated || hasKept) return this.rewrite(table);
    const added = changed.map(([kind, key]) => table.storage.entry(kind, key)).filter((entry) => entry !== undefined);
    this.isUnknown = true;
    // The previous line may be incomplete.
    await appendFile(this.path, `\n${added.map((entry) => lineOf(entry)).join('')}`, { mode: 0o600 });
    this.isUnknown = false;
    this.lines += added.length;
  }

  /** Replaces the file atomically: a reader sees the old one or the new one. */
  private async rewrite(table: RouteTable): Promise<void> {
    this.isUnknown = true;
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const temporary = `${this.path}.${randomUUID()}`;
    try {
      this.lines = await writeAll(temporary, table.storage.all());
      await rename(temporary, this.path);
      this.isUnknown = false;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}

/** The route file where another worker process writes it. */
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

async function applyEntry(table: RouteTable, [kind, key, value]: StoredEntry, now: number): Promise<UpdateResult> {
  if (kind === BUCKETS.blocks) return table.applyPackedBlock(key, Buffer.from(value, 'base64'), now);
  if (kind === BUCKETS.callers) return table.applyCaller(key, value);
  if (kind === BUCKETS.kept) return table.applyKept(key, value);
  return kind === BUCKETS.servers ? table.applyManifest(key, value) : table.applyReceipt(value);
}

function lineOf(entry: StoredEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Undefined for a line that is incomplete or of another version. */
function entryOf(line: string): StoredEntry | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return isStoredEntry(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}
