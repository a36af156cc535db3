import { globSync, statSync } from 'node:fs';
import pg from 'pg';
import { realPartsAvailable } from '../../support/real-parts.js';
import { type Separate, startSeparate } from '../../support/separate.js';
import { startChild } from './child.js';
import { spreadOf } from '../spread.js';
import { memoryOfTree, slotsBelow } from '../weigh/process-memory.js';
import type { Measure } from './report.js';
import { verifyPatiently } from './verify-patiently.js';

const PART = 'sizing';
const CREDENTIAL = { scheme: 'bearer', token: 'a-token-of-the-benchmark-that-opens-nothing' } as const;
const TOOLS = 100;
const KIB = 1024;

/** What gateways, verifications, virtual servers and keys add to PostgreSQL and NATS, and what the services need at rest. */
export async function measureSizing(isQuick: boolean): Promise<Measure[]> {
  if (!realPartsAvailable()) return [];
  const count = isQuick ? 5 : 50;
  const upstream = startChild('upstream', [String(TOOLS)]);
  const lethe = await startSeparate({ proxies: 1, env: { LETHE_LOG_LEVEL: 'warn' } });
  const database = new pg.Client({ connectionString: lethe.databaseUrl });
  await database.connect();
  try {
    const url = await upstream.ask<string>('url');
    const size = () => sizeOf(lethe, database);
    const gateways: string[] = [];
    const steps: [string, (n: number) => Promise<unknown>][] = [
      [`a gateway with ${TOOLS} tools, verified once`, async (n) => gateways.push(await newGateway(lethe, url, n))],
      ['a further verification of it', (n) => verifyPatiently(lethe.admin, gateways[n] ?? '', CREDENTIAL)],
      ['a virtual server of all its tools', (n) => newServer(lethe, gateways[n] ?? '')],
      ["a caller's key", () => lethe.admin.callerKey()],
    ];
    const grown: Measure[] = [];
    for (const [name, once] of steps) {
      const before = await size();
      for (let n = 0; n < count; n += 1) await once(n);
      const after = await size();
      grown.push({
        part: PART,
        name: `${name}, database`,
        value: (after.database - before.database) / count / KIB,
        unit: 'KiB',
      });
      grown.push({ part: PART, name: `${name}, NATS`, value: (after.nats - before.nats) / count / KIB, unit: 'KiB' });
    }
    return [...grown, ...(await atRest(lethe, database))];
  } finally {
    await database.end();
    await lethe.stop();
    await upstream.stop();
  }
}

async function newGateway({ admin }: Separate, url: string, n: number): Promise<string> {
  const { id } = await admin.createGateway({ name: `Gateway ${n}`, url });
  const { state } = await verifyPatiently(admin, id, CREDENTIAL);
  if (state !== 'verified') throw new Error(`not verified: ${state}`);
  return id;
}

function newServer({ admin }: Separate, gateway: string): Promise<unknown> {
  return admin.ask('POST', '/servers', { name: `Of ${gateway}`, include: [{ gateway }] }, { prefer: 'wait=10' });
}

/** Bytes in tables and indexes, and in JetStream's files. */
async function sizeOf({ nats }: Separate, database: pg.Client): Promise<{ database: number; nats: number }> {
  await database.query('vacuum');
  const { rows } = await database.query<{ bytes: string }>('select pg_database_size(current_database()) as bytes');
  const files = globSync('**/*', { cwd: nats.storeDir, withFileTypes: true }).filter((file) => file.isFile());
  const stored = files.map((file) => statSync(`${file.parentPath}/${file.name}`).size);
  return { database: Number(rows[0]?.bytes), nats: stored.reduce((sum, each) => sum + each, 0) };
}

async function atRest(lethe: Separate, database: pg.Client): Promise<Measure[]> {
  const { rows } = await database.query<{ count: string }>(
    'select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  const slots = slotsBelow(lethe.connector.pid);
  const of = (name: string, pid: number): Measure => ({
    part: PART,
    name,
    value: memoryOfTree(pid).alone,
    unit: 'MiB',
  });
  return [
    of('memory of a registry', lethe.registry.pid),
    of('memory of a connector with four slots', lethe.connector.pid),
    {
      part: PART,
      name: 'of this, private to one slot',
      value: spreadOf(slots.map((slot) => slot.private)).median,
      unit: 'MiB',
    },
    ...lethe.proxies.map((proxy) => of('memory of a proxy', proxy.pid)),
    { part: PART, name: 'connections of a registry to PostgreSQL', value: Number(rows[0]?.count), unit: '' },
  ];
}
