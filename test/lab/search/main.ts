import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MemoryBroker } from '@lethe/messaging';
import { readSettings } from '@lethe/platform';
import pg from 'pg';
import { startRegistry } from '../../../apps/registry/src/registry.app.js';
import { searchStatement } from '../../../apps/registry/src/search/item-search.service.js';
import { Admin } from '../../support/admin.js';
import { postgresBinaries } from '../../support/services/postgres-binaries.js';
import { startPostgresCluster } from '../../support/services/postgres-cluster.js';
import { testTrust } from '../../support/trust.js';
import { Catalogues } from './catalogues.js';

const { values: options } = parseArgs({
  options: {
    gateways: { type: 'string', default: '200' },
    /** Of each gateway. */
    items: { type: 'string', default: '500' },
    servers: { type: 'string', default: '300' },
    /** Requests of each kind of question. */
    requests: { type: 'string', default: '200' },
    /** Whether to print the plans of PostgreSQL. */
    plans: { type: 'boolean', default: false },
  },
});
const LIMIT_MS = 100;
const size = {
  gateways: Number(options.gateways),
  itemsOfEach: Number(options.items),
  servers: Number(options.servers),
};

const home = mkdtempSync(join(tmpdir(), 'lethe-lab-search-'));
const cluster = await startPostgresCluster(postgresBinaries());
const settings = readSettings({ LETHE_HOME: home, REGISTRY_PORT: '0', LETHE_LOG_LEVEL: 'warn' });
const bus = { broker: new MemoryBroker(), service: 'registry' };
const registry = await startRegistry({ settings, trust: testTrust(), databaseUrl: cluster.url, bus });
const sql = new pg.Client({ connectionString: cluster.url });
await sql.connect();
try {
  const catalogues = new Catalogues(sql);
  await catalogues.fill(size);
  await indexed();
  await sql.query('analyze');
  const admin = new Admin(registry.url, readFileSync(join(home, 'admin-token'), 'utf8').trim());
  const slow = await measure(admin, questions(catalogues));
  process.exitCode = slow ? 1 : 0;
} finally {
  await sql.end();
  await registry.close();
  await cluster.stop();
  rmSync(home, { recursive: true, force: true });
}

/** Waits until the registry has indexed all, and says how long that took. */
async function indexed(): Promise<void> {
  const total = size.gateways * size.itemsOfEach;
  const start = performance.now();
  for (let count = 0; count < total;) {
    const { rows } = await sql.query<{ count: string }>('select count(*) from searchable_item');
    count = Number(rows[0]?.count);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  console.log(`${total} items of ${size.gateways} gateways, ${size.servers} virtual servers; indexed in ${seconds} s`);
}

function questions(catalogues: Catalogues): Record<string, () => Record<string, string>> {
  const some = (n: number): string => String(n % size.gateways);
  let n = 0;
  return {
    'two words of names': () => ({ q: 'create issue' }),
    'a whole name': () => ({ q: `create_issue_${(n += 1) % size.itemsOfEach}` }),
    'a word that many have': () => ({ q: 'get' }),
    'a beginning of two letters': () => ({ q: 'cr' }),
    'a rare word of descriptions': () => ({ q: catalogues.rareWord() }),
    'a word and a gateway': () => ({ q: 'issue', gateway: `gateway-${some((n += 1))}` }),
    'a word and a tag': () => ({ q: 'issue', tag: 'tag-3' }),
    'a hundred items of a word': () => ({ q: 'issue', limit: '100' }),
    'nothing that is there': () => ({ q: 'xylophone quartz' }),
    'all items': () => ({}),
  };
}

/** Prints how long each kind of question takes. Returns whether one is too slow. */
async function measure(admin: Admin, kinds: Record<string, () => Record<string, string>>): Promise<boolean> {
  let isSlow = false;
  const all: number[] = [];
  for (const [name, question] of Object.entries(kinds)) {
    const times: number[] = [];
    let matches = '';
    for (let n = 0; n < Number(options.requests); n += 1) {
      const query = { limit: '20', ...question() };
      const start = performance.now();
      await admin.ask('GET', `/items?${new URLSearchParams(query).toString()}`);
      times.push(performance.now() - start);
      if (n === 0) matches = await matchesOf(query);
    }
    all.push(...times);
    isSlow ||= at(times, 0.95) > LIMIT_MS;
    console.log(`${name.padEnd(30)} ${matches.padStart(7)} matches  ${line(times)}`);
    if (options.plans) await printPlan(question());
  }
  console.log(`${'all questions'.padEnd(30)} ${''.padStart(15)}  ${line(all)}`);
  return isSlow;
}

function line(times: number[]): string {
  return `p50 ${at(times, 0.5).toFixed(0)} ms, p95 ${at(times, 0.95).toFixed(0)} ms, max ${at(times, 1).toFixed(0)} ms`;
}

function at(times: number[], part: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}

async function matchesOf(query: Record<string, string>): Promise<string> {
  const statement = await statementOf({ ...query, limit: '1000000' });
  const { rows } = await sql.query<{ count: string }>(`select count(*) from (${statement}) found`);
  return rows[0]?.count ?? '';
}

async function printPlan(query: Record<string, string>): Promise<void> {
  const { rows } = await sql.query<{ 'QUERY PLAN': string }>(`explain (analyze, buffers) ${await statementOf(query)}`);
  for (const row of rows) console.log(`    ${row['QUERY PLAN']}`);
}

/** The statement of a search with its values in their places. */
async function statementOf({ gateway, limit = '20', ...query }: Record<string, string>): Promise<string> {
  const { rows } = await sql.query<{ id: string }>('select id from gateway where slug = $1', [gateway ?? '']);
  const statement = searchStatement({ ...query, limit: Number(limit) }, rows[0]?.id);
  const values = [...(statement?.values ?? [])];
  return (statement?.sql ?? 'select 1 where false').replaceAll('?', () => literal(values.shift()));
}

function literal(value: unknown): string {
  return typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
}
