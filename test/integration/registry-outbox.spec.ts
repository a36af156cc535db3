import { MikroORM } from '@mikro-orm/postgresql';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Database,
  lockPublishing,
  migrate,
  nextRevision,
  OutboxMessage,
  OutboxRelay,
  PersistenceModule,
  recordBlock,
  recordSnapshot,
  sendAgain,
  type SnapshotSink,
} from '@lethe/persistence';
import { DATABASE_KINDS, isDatabaseAvailable, startTestDatabase, type TestDatabase } from '../support/database.js';

class Sink {
  readonly values: string[] = [];
  failures = 0;
  gate = Promise.resolve();

  async put(_bucket: string, key: string, value: string): Promise<void> {
    await this.gate;
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('away');
    }
    this.values.push(`${key}=${value}`);
  }
}

for (const kind of DATABASE_KINDS) {
  const isAvailable = isDatabaseAvailable(kind);
  describe.skipIf(!isAvailable)(`the outbox over ${kind}`, () => {
    let server: TestDatabase;
    let module: TestingModule;
    let database: Database;
    let orm: MikroORM;
    const relays: OutboxRelay[] = [];

    beforeAll(async () => {
      server = await startTestDatabase(kind);
      const options = { databaseUrl: server.url, entities: [], migrations: [] };
      module = await Test.createTestingModule({ imports: [PersistenceModule.forRoot(options)] }).compile();
      database = module.get(Database);
      orm = module.get(MikroORM);
      await (kind === 'embedded' ? migrate(orm) : Promise.all([migrate(orm), migrate(orm)]));
    });
    afterAll(async () => {
      await Promise.all(relays.map((relay) => relay.stop()));
      await module?.close();
      await server?.close();
    });

    const relay = (sink: SnapshotSink, holder: string, leaseMs = 2_000) => {
      const made = new OutboxRelay(database, sink, {
        holder,
        intervalMs: 20,
        leaseMs,
        onFailure: () => undefined,
      });
      relays.push(made);
      return made;
    };
    const write = (key: string) =>
      database.transaction(async (em) => {
        await lockPublishing(em);
        const revision = await nextRevision(em);
        await recordSnapshot(em, { bucket: 'b', key, value: String(revision), revision });
      });
    const unsent = () => database.read((em) => em.count(OutboxMessage, { sentAt: null }));

    it('has a schema that matches its entities', async () => {
      expect((await orm.schema.getUpdateSchemaSQL()).replace("set names 'utf8';", '').trim()).toBe('');
    });

    it('loses nothing of 12 writers at once and keeps the order of commits, whatever the bus does', async () => {
      const sink = new Sink();
      sink.failures = 3;
      const first = relay(sink, 'first');
      const second = relay(sink, 'second');
      first.start();
      second.start();
      const writer = async (n: number) => {
        for (let i = 0; i < 10; i += 1) await write(`w${n}`);
      };
      await Promise.all(Array.from({ length: 12 }, (_, n) => writer(n)));
      await expect.poll(unsent, { timeout: 10_000 }).toBe(0);
      await expect.poll(() => sink.values.length).toBe(120);
      const revisions = sink.values.map((value) => Number(value.split('=')[1]));
      expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
      await first.stop();
      await second.stop();
    });

    it('sends nothing more once another relay has taken over from one that the bus held up', async () => {
      const [slow, quick] = [new Sink(), new Sink()];
      let open = (): void => undefined;
      slow.gate = new Promise((resolve) => (open = resolve));
      for (const key of ['a', 'b', 'c']) await write(key);
      const held = relay(slow, 'held up', 300);
      held.start();
      await expect.poll(() => database.read((em) => em.execute('select 1 from lease'))).toHaveLength(1);
      const other = relay(quick, 'other', 300);
      other.start();
      await expect.poll(() => quick.values.length, { timeout: 10_000 }).toBe(3);
      open();
      await held.stop();
      expect(slow.values).toHaveLength(1);
      await other.stop();
    });

    it('sends nothing of a transaction that was rolled back', async () => {
      const failing = database.transaction(async (em) => {
        await recordSnapshot(em, { bucket: 'b', key: 'gone', value: 'x', revision: await nextRevision(em) });
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      expect(await unsent()).toBe(0);
    });

    it('sends many values of a bucket at the same time, and none of another bucket meanwhile', async () => {
      const sink = new Sink();
      const inFlight: string[] = [];
      let most = 0;
      const together = {
        put: async (bucket: string, key: string, value: string): Promise<void> => {
          inFlight.push(bucket);
          most = Math.max(most, inFlight.length);
          expect(new Set(inFlight)).toEqual(new Set([bucket]));
          // The first one is alone; every other one comes with a second.
          if (sink.values.length > 0) await expect.poll(() => most, { timeout: 10_000 }).toBeGreaterThan(1);
          inFlight.splice(inFlight.indexOf(bucket), 1);
          return sink.put(bucket, key, value);
        },
      };
      await database.transaction(async (em) => {
        await lockPublishing(em);
        for (const bucket of ['blocks', 'servers'])
          for (let n = 0; n < 6; n += 1) await recordSnapshot(em, { bucket, key: `${bucket}-${n}`, value: 'v' });
      });
      const busy = relay(together, 'together');
      busy.start();
      await expect.poll(unsent, { timeout: 20_000 }).toBe(0);
      expect(sink.values).toHaveLength(12);
      expect(most).toBe(6);
      await busy.stop();
    });

    it('sends lost values again in the given order, and none that already waits', async () => {
      const sink = new Sink();
      const waits = { bucket: 'lost', key: 'waits', value: 'new', revision: 1 };
      await database.transaction(async (em) => {
        await lockPublishing(em);
        for (const key of ['a', 'b', 'c']) await recordSnapshot(em, { ...waits, key, value: key });
        await em.nativeUpdate(OutboxMessage, { bucket: 'lost' }, { sentAt: new Date() });
        await recordSnapshot(em, waits);
        expect(await sendAgain(em, 'lost', ['c', 'waits', 'a', 'never published'])).toBe(2);
        expect(await sendAgain(em, 'lost', ['a', 'b'])).toBe(1);
        expect(await sendAgain(em, 'lost', [])).toBe(0);
      });
      const again = relay(sink, 'again');
      again.start();
      await expect.poll(unsent, { timeout: 10_000 }).toBe(0);
      expect(sink.values).toEqual(['waits=new', 'c=c', 'a=a', 'b=b']);
      const next = await database.transaction(async (em) => (await lockPublishing(em), nextRevision(em)));
      const [{ last } = { last: 0 }] = await database.read((em) =>
        em.execute<{ last: number }[]>('select max(seq)::int as last from outbox_message'),
      );
      expect(next).toBeGreaterThan(last);
      await again.stop();
    });

    it('sends a block once, however often it is recorded', async () => {
      const sink = new Sink();
      const block = { bucket: 'blocks', key: 'digest', value: 'bytes' };
      await database.transaction((em) => recordBlock(em, block));
      await database.transaction((em) => recordBlock(em, block));
      const once = relay(sink, 'once');
      once.start();
      await expect.poll(unsent).toBe(0);
      expect(sink.values).toEqual(['digest=bytes']);
      await once.stop();
    });

    it('says nothing of a value in a driver error', async () => {
      const wrong = database.read((em) => em.execute(`insert into counter (name, value) values ('revision', 1)`));
      await expect(wrong).rejects.toMatchObject({ code: 'conflict', detail: {} });
    });
  });
}
