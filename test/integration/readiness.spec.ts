import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, type RunningService, type Settings } from '@lethe/platform';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startConnector } from '../../apps/connector/src/connector.app.js';
import { startProxy } from '../../apps/proxy/src/proxy.app.js';
import { startRegistry } from '../../apps/registry/src/registry.app.js';
import { verifies } from '../requirements.js';
import { Admin } from '../support/admin.js';
import { bundleChild } from '../support/connector/child-bundle.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type NatsServer, startNatsServer } from '../support/nats-server.js';
import { realPartsAvailable } from '../support/real-parts.js';
import { fatal, SCRAM, startScriptedPostgres } from '../support/scripted-postgres.js';
import { startTcpRelay, type TcpRelay } from '../support/tcp-relay.js';
import { testTrust } from '../support/trust.js';

describe.runIf(realPartsAvailable())('services whose bus or database fails', () => {
  const trust = testTrust();
  let home: string;
  let nats: NatsServer;
  let database: TestDatabase;
  let relay: TcpRelay;
  let bundle: Awaited<ReturnType<typeof bundleChild>>;
  let settings: Settings;
  let registry: RunningService;
  let connector: RunningService;
  let proxy: RunningService;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'lethe-readiness-'));
    [nats, database, bundle] = await Promise.all([startNatsServer(), startTestDatabase('postgres'), bundleChild()]);
    relay = await startTcpRelay(database.url);
    const ports = { REGISTRY_PORT: '0', PROXY_PORT: '0', CONNECTOR_PORT: '0' };
    settings = readSettings({ LETHE_HOME: home, NATS_URL: nats.url, LETHE_LOG_LEVEL: 'silent', ...ports });
    const bus = (service: string) => ({ natsUrl: nats.url, service });
    registry = await startRegistry({ settings, trust, databaseUrl: relay.url, bus: bus('registry') });
    connector = await startConnector({ settings, trust, bus: bus('connector'), childFile: bundle.file });
    proxy = await startProxy({ settings, trust, bus: bus('proxy') });
  });
  afterAll(async () => {
    for (const service of [proxy, connector, registry, relay, database]) await service.close();
    await nats.stop();
    await bundle.remove();
    await rm(home, { recursive: true, force: true });
  });

  const ready = async ({ url }: RunningService): Promise<unknown> => {
    const answer = await fetch(`${url}/readyz`);
    const { checks } = (await answer.json()) as { checks: object };
    return { status: answer.status, ...checks };
  };
  const states = () => Promise.all([registry, connector, proxy].map(ready));
  const allReady = async () =>
    expect(await states()).toMatchObject([{ status: 200 }, { status: 200 }, { status: 200 }]);

  it('have a registry and a connector that are not ready without the bus, and a proxy that is', async () => {
    verifies('operations.ready-with-its-parts');
    await eventually(allReady);
    await nats.kill();
    await eventually(async () =>
      expect(await states()).toMatchObject([
        { status: 503, bus: false, database: true },
        { status: 503, bus: false },
        { status: 200, routes: true },
      ]),
    );
    const metrics = await (await fetch(`${registry.url}/metrics`)).text();
    expect(metrics).toContain('lethe_ready{check="bus"} 0');
    expect(metrics).toContain('lethe_ready{check="database"} 1');
    const admin = new Admin(registry.url, (await readFile(join(home, 'admin-token'), 'utf8')).trim());
    await expect(admin.createGateway({ name: 'A', slug: 'a', url: 'https://a.example/mcp' })).resolves.toBeDefined();
    await nats.restart();
    await eventually(allReady, 20_000);
  });

  it('have a registry that is not ready without its database, and ready again with it', async () => {
    verifies('operations.ready-with-its-parts');
    await eventually(allReady);
    relay.cut();
    await eventually(async () =>
      expect(await states()).toMatchObject([
        { status: 503, bus: true, database: false },
        { status: 200 },
        { status: 200 },
      ]),
    );
    relay.restore();
    await eventually(allReady);
  });

  it('have a registry that asks for its database until that can be reached, less and less often', async () => {
    verifies('start.any-order');
    const late = await startTcpRelay(database.url.replace(/\w+$/, 'no_such_database'));
    late.cut();
    const begun = performance.now();
    const bus = { natsUrl: nats.url, service: 'registry' };
    const start = startRegistry({ settings, trust, databaseUrl: late.url, bus });
    start.catch(() => undefined);
    await eventually(() => expect(late.refused).toBe(4));
    // After 250, 500 and 1,000 ms.
    expect(performance.now() - begun).toBeGreaterThan(1_700);
    late.restore();
    await expect(start).rejects.toThrow('DATABASE_URL: PostgreSQL refuses the connection (3D000)');
    await late.close();
  });

  const startWith = (databaseUrl: string): Promise<RunningService> =>
    startRegistry({ settings, trust, databaseUrl, bus: { natsUrl: nats.url, service: 'registry' } });

  it('have a registry that does not wait where a setting is wrong: no TLS, no password, a wrong one', async () => {
    verifies('start.wrong-database-setting');
    const noTls = `${database.url}?sslmode=verify-full`;
    await expect(startWith(noTls)).rejects.toThrow('DATABASE_URL: PostgreSQL offers no TLS, which this URL asks for');
    const steps = [...SCRAM, fatal('28P01')];
    const scripted = await startScriptedPostgres(() => steps.shift() ?? Buffer.alloc(0));
    await expect(startWith(scripted.url)).rejects.toThrow('PostgreSQL asks for a password, and there is none');
    await expect(startWith(scripted.url)).rejects.toThrow('DATABASE_URL: PostgreSQL refuses the connection (28P01)');
    await scripted.close();
  });

  it('have a registry that asks again where PostgreSQL starts, is full, or closes the connection', async () => {
    verifies('start.any-order');
    const answers = [fatal('57P03'), fatal('53300'), Buffer.alloc(0)];
    const scripted = await startScriptedPostgres(() => answers.shift() ?? fatal('3D000'));
    await expect(startWith(scripted.url)).rejects.toThrow('(3D000)');
    expect(answers).toEqual([]);
    await scripted.close();
  });

  it('have a registry that asks again when its connection breaks while it waits for its turn to migrate', async () => {
    verifies('start.any-order');
    const own = await startTestDatabase('postgres');
    const link = await startTcpRelay(own.url);
    const other = new pg.Client({ connectionString: own.url });
    await other.connect();
    await other.query('select pg_advisory_lock(5331942)');
    const start = startWith(link.url);
    start.catch(() => undefined);
    const waiting = "select pid from pg_stat_activity where datname = current_database() and wait_event = 'advisory'";
    const waits = async (): Promise<number> => {
      const { rows } = await other.query<{ pid: number }>(waiting);
      expect(rows).toHaveLength(1);
      return rows[0]!.pid;
    };
    const first = await eventually(waits);
    await other.query('select pg_terminate_backend($1)', [first]);
    await eventually(async () => expect(await waits()).not.toBe(first));
    link.cut();
    await eventually(() => expect(link.refused).toBeGreaterThan(0));
    link.restore();
    await other.end();
    await (await start).close();
    await link.close();
    await own.close();
  });

  it('have a registry that refuses a PostgreSQL that its makers no longer repair', async () => {
    verifies('operations.versions-checked');
    const version = await serverVersion(database.url);
    const old = await startTcpRelay(database.url, (text) => text.replaceAll(version, `13${version.slice(2)}`));
    const bus = { natsUrl: nats.url, service: 'registry' };
    await expect(startRegistry({ settings, trust, databaseUrl: old.url, bus })).rejects.toThrow(
      'DATABASE_URL: PostgreSQL 15 or later is needed; this is 13',
    );
    await old.close();
  });

  it.each([
    ['2.10.29', 1],
    ['2.14.3', 0],
  ])('say so if the NATS server is too old: %s', async (version, warnings) => {
    verifies('operations.versions-checked');
    const lines: string[] = [];
    const other = await startTcpRelay(nats.url, (text) => text.replace(/(?<="version":")[^"]+/, version));
    const own = { ...settings, home: join(home, version), logLevel: 'warn' as const };
    const bus = { natsUrl: other.url, service: 'proxy' };
    const output = { write: (line: string) => void lines.push(line) };
    const service = await startProxy({ settings: own, trust, bus, output });
    const found = lines.filter((line) => line.includes('nats-server lacks security fixes'));
    expect(found).toHaveLength(warnings);
    for (const line of found) expect(JSON.parse(line)).toMatchObject({ level: 'warn', service: 'proxy', version });
    await service.close();
    await other.close();
  });
});

async function serverVersion(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
  await client.end();
  return rows[0]?.server_version_num ?? '';
}
