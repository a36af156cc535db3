import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUCKETS } from '@lethe/contracts';
import { MemoryBroker } from '@lethe/messaging';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PublishedRoutes, tool } from '@test/support/published-routes.js';
import { testTrust } from '@test/support/trust.js';
import { ManifestVerifier } from './manifest-verifier.js';
import { RouteTable } from './route-table.js';
import { ReadOnlyRouteFile, RouteFile } from './route-file.js';

describe('RouteFile', () => {
  let dir: string;
  const trust = testTrust();
  let path: string;
  let broker: MemoryBroker;
  let published: PublishedRoutes;
  let table: RouteTable;
  let count = 0;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lethe-routes-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));
  beforeEach(() => {
    path = join(dir, `routes-${++count}.json`);
    broker = new MemoryBroker();
    published = new PublishedRoutes(broker, trust);
    table = newBook();
  });

  const newBook = () => new RouteTable(new ManifestVerifier(trust), { allowed: ['127.0.0.0/8'] });
  const takeBlocks = (): void => {
    const { values } = broker.snapshots.open(BUCKETS.blocks, () => undefined);
    for (const { key, value } of values) table.applyBlock(key, value ?? '', 0);
  };
  const draft = (slug: string, name: string) =>
    published.manifest({ slug, gateways: [{ slug: 'g', url: 'http://127.0.0.1:9/mcp', items: [tool(name)] }] });
  const take = async (slug: string, name: string): Promise<void> => {
    const manifest = await draft(slug, name);
    takeBlocks();
    await table.applyManifest(slug, await published.sign(manifest));
  };
  const reloaded = async (): Promise<RouteTable> => {
    const again = newBook();
    expect(await new RouteFile(path).loadInto(again, 0)).toBe(true);
    return again;
  };
  const serves = (of: RouteTable, slug: string, name: string) => of.server(slug)?.resolve('tool', name).own;

  it('gives back what was taken', async () => {
    await take('s', 'one');
    await new RouteFile(path).save(table);
    expect(serves(await reloaded(), 's', 'one')).toBe('one');
  });

  it('is read and left as it is where another process writes it', async () => {
    await take('s', 'one');
    await new RouteFile(path).save(table);
    const written = await readFile(path);
    const other = new ReadOnlyRouteFile(path);
    table = newBook();
    expect(await other.loadInto(table, 0)).toBe(true);
    await take('t', 'two');
    await other.save(table);
    expect(table.dirtyKeys.isEmpty).toBe(true);
    expect(await readFile(path)).toEqual(written);
  });

  it('adds what is new, whatever else is published', async () => {
    const file = new RouteFile(path);
    for (let n = 0; n < 50; n += 1) await take(`s${n}`, 'one');
    await file.save(table);
    const { size, ino } = await stat(path);
    await take('s0', 'two');
    await file.save(table);
    const grown = await stat(path);
    expect(grown.ino).toBe(ino);
    expect(grown.size - size).toBeLessThan(size / 10);
    const again = await reloaded();
    expect([serves(again, 's0', 'two'), serves(again, 's49', 'one')]).toEqual(['two', 'one']);
  });

  it('is written anew when most of it is outdated', async () => {
    const file = new RouteFile(path, 10);
    await take('s', 'n0');
    await file.save(table);
    for (let n = 1; n < 30; n += 1) {
      await take('s', `n${n}`);
      table.prune(Number.MAX_SAFE_INTEGER);
      await file.save(table);
    }
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    expect(lines.length).toBeLessThan(90);
    expect(serves(await reloaded(), 's', 'n29')).toBe('n29');
  });

  it('keeps blocks whose manifest is on its way', async () => {
    const manifest = await draft('s', 'one');
    takeBlocks();
    const file = new RouteFile(path);
    await file.save(table);
    await table.applyManifest('s', await published.sign(manifest));
    await file.save(table);
    expect(serves(await reloaded(), 's', 'one')).toBe('one');
  });

  it('goes without a line that was cut off, and writes the next one after it', async () => {
    const file = new RouteFile(path);
    await take('s', 'one');
    await file.save(table);
    await appendFile(path, '["lethe-servers","s","cut');
    const again = newBook();
    const next = new RouteFile(path);
    expect(await next.loadInto(again, 0)).toBe(true);
    table = again;
    await take('other', 'two');
    await next.save(table);
    const last = await reloaded();
    expect([serves(last, 's', 'one'), serves(last, 'other', 'two')]).toEqual(['one', 'two']);
  });

  it('believes no block that is not what its digest says', async () => {
    await take('s', 'one');
    await new RouteFile(path).save(table);
    const lines = (await readFile(path, 'utf8')).split('\n').map((line) => {
      const [kind, key] = line === '' ? [] : (JSON.parse(line) as string[]);
      return kind === BUCKETS.blocks ? JSON.stringify([kind, key, Buffer.from('{}').toString('base64')]) : line;
    });
    await writeFile(path, lines.join('\n'));
    expect((await reloaded()).server('s')).toBeUndefined();
  });

  it('says that there is nothing to read', async () => {
    expect(await new RouteFile(join(dir, 'none.json')).loadInto(table, 0)).toBe(false);
    await writeFile(path, '{"version":1}');
    expect(await new RouteFile(path).loadInto(table, 0)).toBe(false);
  });
});
