import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUCKETS, type CatalogueItem, type ServerManifest } from '@lethe/contracts';
import { MemoryBroker } from '@lethe/messaging';
import { readSettings, type RunningService } from '@lethe/platform';
import type { Trust } from '@lethe/sealing';
import pg from 'pg';
import { startRegistry } from '../../../apps/registry/src/registry.app.js';
import type { RegistryParts } from '../../../apps/registry/src/registry.module.js';
import { Admin, type VerificationView } from '../admin.js';
import { type DatabaseKind, startTestDatabase, type TestDatabase } from '../database.js';
import { type LetheRun, runLethe } from '../run-lethe.js';
import { testTrust } from '../trust.js';
import { FakeConnector, type ReportOptions } from './fake-connector.js';

let named = 0;

/** A registry on an empty database and the embedded bus, with a fake connector. */
export class RegistryHarness {
  private constructor(
    readonly home: string,
    readonly trust: Trust,
    readonly database: TestDatabase,
    readonly broker: MemoryBroker,
    private service: RunningService,
    readonly connector: FakeConnector,
    readonly sql: pg.Client,
    private asking: Admin,
    private readonly env: Record<string, string>,
  ) {}

  static async start(
    kind: DatabaseKind,
    env: Record<string, string> = {},
    trust: Trust = testTrust(),
    more: Pick<RegistryParts, 'consoleFolder' | 'ownProxy'> = {},
  ): Promise<RegistryHarness> {
    const home = mkdtempSync(join(tmpdir(), 'lethe-registry-'));
    const database = await startTestDatabase(kind);
    const broker = new MemoryBroker();
    const settings = readSettings({
      ...{ LETHE_HOME: home, REGISTRY_PORT: '0', LETHE_LOG_LEVEL: 'silent', LETHE_SWEEP_MS: '100' },
      ...env,
    });
    const parts = { settings, trust, databaseUrl: database.url, bus: { broker, service: 'registry' } };
    const service = await startRegistry({ ...parts, ...more });
    const connector = await new FakeConnector(trust).start({ broker, service: 'connector' });
    const sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    const admin = new Admin(service.url, readFileSync(join(home, 'admin-token'), 'utf8').trim());
    return new RegistryHarness(home, trust, database, broker, service, connector, sql, admin, env);
  }

  /** The first administrator, at the registry's address of now. */
  get admin(): Admin {
    return this.asking;
  }

  get url(): string {
    return this.service.url;
  }

  async stop(): Promise<void> {
    await this.connector.stop();
    await this.service.close();
    await this.sql.end();
    await this.database.close();
    rmSync(this.home, { recursive: true, force: true });
  }

  /** The next start, on a bus that has forgotten everything. The connector stays behind. */
  async restart(broker: MemoryBroker): Promise<void> {
    await this.service.close();
    const settings = readSettings({
      ...{ LETHE_HOME: this.home, REGISTRY_PORT: '0', LETHE_LOG_LEVEL: 'silent' },
      ...this.env,
    });
    const bus = { broker, service: 'registry' };
    this.service = await startRegistry({ settings, trust: this.trust, databaseUrl: this.database.url, bus });
    this.asking = new Admin(this.service.url, this.asking.token);
  }

  /** Another registry on the same database and bus, as its administrator sees it. */
  async another(): Promise<{ admin: Admin; stop: () => Promise<void> }> {
    const settings = readSettings({
      ...{ LETHE_HOME: this.home, REGISTRY_PORT: '0', LETHE_LOG_LEVEL: 'silent' },
      ...this.env,
    });
    const bus = { broker: this.broker, service: 'registry' };
    const service = await startRegistry({ settings, trust: this.trust, databaseUrl: this.database.url, bus });
    return { admin: new Admin(service.url, this.admin.token), stop: () => service.close() };
  }

  /** Runs the `lethe` command as the first administrator. */
  lethe(argv: string[], input?: string): Promise<LetheRun> {
    const env = { LETHE_URL: this.url, LETHE_TOKEN: this.admin.token, LETHE_HOME: this.home };
    return runLethe(argv, env, this.home, input);
  }

  gateway(more: Record<string, unknown> = {}) {
    named += 1;
    const slug = `gateway-${named}`;
    return this.admin.createGateway({ name: slug, slug, url: `http://127.0.0.1:9/${slug}/mcp`, ...more });
  }

  /** A verification that waits for its credential, opened at the fake connector. */
  async opened(gateway: string): Promise<VerificationView> {
    const verification = await this.admin.startVerification(gateway);
    const sealed = await this.admin.seal(verification, { scheme: 'bearer', token: 'a-token-of-the-upstream' });
    const { status } = await this.admin.putCredential(verification, sealed);
    if (status >= 300) throw new Error(`PUT credential: ${status}`);
    return verification;
  }

  /** One whole verification that finds these items. */
  async verified(gateway: string, items: CatalogueItem[], options: ReportOptions = {}): Promise<VerificationView> {
    const { id } = await this.opened(gateway);
    await this.connector.verify(id, { items, ...options });
    return this.admin.finished(gateway, id, 10_000);
  }

  /** The newest published manifest of a server. */
  async manifest(slug: string): Promise<ServerManifest | undefined> {
    const { rows } = await this.sql.query<{ value: string }>(
      'select value from published_snapshot where bucket = $1 and key = $2',
      [BUCKETS.servers, slug],
    );
    const [row] = rows;
    return row && this.trust.verify<ServerManifest>('manifest', row.value);
  }

  /** What the bucket holds. */
  published(bucket: string, key: string): string | undefined {
    return this.broker.snapshots.get(bucket, key);
  }
}
