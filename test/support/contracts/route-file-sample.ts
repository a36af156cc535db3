import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUCKETS } from '@lethe/contracts';
import { MemoryBroker } from '@lethe/messaging';
import { ManifestVerifier } from '../../../apps/proxy/src/routes/snapshot/manifest-verifier.js';
import { RouteFile } from '../../../apps/proxy/src/routes/snapshot/route-file.js';
import { RouteTable } from '../../../apps/proxy/src/routes/snapshot/route-table.js';
import { PublishedRoutes, tool } from '../published-routes.js';
import { goldenTrust } from './golden-trust.js';

const tableOf = () => new RouteTable(new ManifestVerifier(goldenTrust()), { allowed: ['127.0.0.0/8'] });

/** A route file as this version writes it: one virtual server `golden` with the tool `echo`, and one caller's key. */
export async function routeFileSample(): Promise<string[]> {
  const broker = new MemoryBroker();
  const published = new PublishedRoutes(broker, goldenTrust());
  await published.publish({
    slug: 'golden',
    gateways: [{ slug: 'g', url: 'http://127.0.0.1:9/mcp', items: [tool('echo')] }],
  });
  await published.key('*');
  const table = tableOf();
  const all = (bucket: (typeof BUCKETS)[keyof typeof BUCKETS]) =>
    broker.snapshots.open(bucket, () => undefined).values.map(({ key, value = '' }) => [key, value] as const);
  for (const [key, value] of all(BUCKETS.blocks)) table.applyBlock(key, value, 0);
  for (const [key, value] of all(BUCKETS.callers)) await table.applyCaller(key, value);
  for (const [key, value] of all(BUCKETS.servers)) await table.applyManifest(key, value);
  return inTemporaryFile('', async (path) => {
    await new RouteFile(path).save(table);
    return (await readFile(path, 'utf8')).trim().split('\n');
  });
}

/** The upstream's own name of a tool of a virtual server, for a proxy that starts with these lines. */
export function resolvedIn(lines: string[], slug: string, name: string): Promise<string | undefined> {
  return inTemporaryFile(`${lines.join('\n')}\n`, async (path) => {
    const table = tableOf();
    await new RouteFile(path).loadInto(table, 0);
    return table.server(slug)?.resolve('tool', name).own;
  });
}

async function inTemporaryFile<T>(content: string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'lethe-golden-'));
  try {
    const path = join(folder, 'routes.jsonl');
    await writeFile(path, content);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
