import { setTimeout as sleep } from 'node:timers/promises';
import { MikroORM } from '@mikro-orm/postgresql';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database, migrate, PersistenceModule } from '@lethe/persistence';
import { verifies } from '../requirements.js';
import { isDatabaseAvailable, startTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startTcpRelay, type TcpRelay } from '../support/tcp-relay.js';

/** Shorter than those of a registry. */
const LIMITS = { lockMs: 500, idleInTransactionMs: 1_500, silenceMs: 1_000, connectMs: 10_000 };
const LOCK = `select value from counter where name = 'revision' for update`;

describe.skipIf(!isDatabaseAvailable('postgres'))('connections that a firewall forgot', () => {
  let server: TestDatabase;
  let relay: TcpRelay;
  const closes: (() => Promise<void>)[] = [];

  async function replica(databaseUrl: string): Promise<Database> {
    const options = { databaseUrl, entities: [], migrations: [], poolSize: 2, limits: LIMITS };
    const module = await Test.createTestingModule({ imports: [PersistenceModule.forRoot(options)] }).compile();
    closes.push(() => module.close());
    await migrate(module.get(MikroORM));
    return module.get(Database);
  }

  beforeAll(async () => {
    server = await startTestDatabase('postgres');
    relay = await startTcpRelay(server.url);
  });
  afterAll(async () => {
    await Promise.all(closes.map((close) => close()));
    await relay?.close();
    await server?.close();
  });

  it('hold no lock for long, and a replica gets new ones', { timeout: 30_000 }, async () => {
    verifies('faults.forgotten-connections');
    const [forgotten, other] = [await replica(relay.url), await replica(server.url)];
    let isLocked: (() => void) | undefined;
    const locked = new Promise<void>((resolve) => (isLocked = resolve));
    const lost = forgotten.transaction(async (em) => {
      await em.execute(LOCK);
      isLocked?.();
      // The session stays idle in its transaction on PostgreSQL's side, whatever is sent here.
      await sleep(50);
      await em.execute('select 1');
    });
    const told = expect(lost).rejects.toMatchObject({ code: 'database_unavailable' });
    await locked;
    relay.forgetConnections();
    await expect(other.transaction((em) => em.execute(LOCK))).rejects.toMatchObject({ code: 'database_unavailable' });
    await eventually(() => other.transaction((em) => em.execute(LOCK)), 10_000);
    await told;
    expect(await forgotten.isReachable()).toBe(true);
  });

  it('leave the pool whole, however many break in a transaction', { timeout: 30_000 }, async () => {
    const database = await replica(relay.url);
    for (let broken = 0; broken < 4; broken += 1) {
      const work = database.transaction(async (em) => {
        await em.execute(LOCK);
        relay.cut();
        await em.execute('select 1');
      });
      await expect(work).rejects.toMatchObject({ code: 'database_unavailable' });
      relay.restore();
      await eventually(() => database.read((em) => em.execute('select 1')));
    }
  });
});
