import { CallsSeen, type SeenCall, type SeenCount } from '@lethe/contracts';
import { NoticePublisher } from '@lethe/messaging';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActivityView } from '../../apps/registry/src/activity/activity.view.js';
import type { CallView } from '../../apps/registry/src/activity/call.view.js';
import { MAX_ROWS_PER_STEP } from '../../apps/registry/src/activity/write-notice.js';
import { verifies } from '../requirements.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startBusApp } from '../support/messaging-app.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

interface Page {
  items: CallView[];
  nextCursor?: string;
}

const OK = { server: 'demo', gateway: 'up', method: 'tools/call', outcome: 'ok', limit: '' };
const count = (more: Partial<SeenCount> = {}): SeenCount => ({ ...OK, calls: 1, seconds: 0.5, ...more });
const call = (more: Partial<SeenCall> = {}): SeenCall => ({
  ...{ ...OK, ageMs: 0, caller: 'key:0123456789abcdef', item: 'echo', client: 'a-client', durationMs: 12.5 },
  ...more,
});

for (const kind of DATABASE_KINDS) {
  describe.skipIf(!isDatabaseAvailable(kind))(`what registries keep of calls over ${kind}`, () => {
    let harness: RegistryHarness;
    let other: Awaited<ReturnType<RegistryHarness['another']>>;
    let proxy: Awaited<ReturnType<typeof startBusApp>>;
    let number = 0;
    beforeAll(async () => {
      harness = await RegistryHarness.start(kind);
      other = await harness.another();
      proxy = await startBusApp({ broker: harness.broker, service: 'proxy' });
    });
    afterAll(async () => {
      await proxy?.close();
      await other?.stop();
      await harness?.stop();
    });
    beforeEach(() => harness.sql.query('truncate activity_count, seen_call, activity_source'));

    const tell = (more: Partial<CallsSeen>) =>
      proxy.get(NoticePublisher).publish(CallsSeen, {
        ...{ proxy: 'a-host/0a', number: (number += 1), counts: [], streams: [], calls: [], ...more },
      });
    const activity = (query: Record<string, string> = {}) =>
      harness.admin.ask<ActivityView>('GET', `/activity?${new URLSearchParams(query).toString()}`);
    const calls = (query: Record<string, string> = {}) =>
      harness.admin.ask<Page>('GET', `/calls?${new URLSearchParams(query).toString()}`);
    const total = ({ points }: ActivityView) => points.reduce((sum, point) => sum + point.calls, 0);
    const counted = (sum: number) => eventually(async () => expect(total(await activity())).toBe(sum), 15_000);
    /** Both registries have heard everything that was told before. */
    const heardByAll = async () => {
      const open = number + 1_000;
      await tell({ streams: [{ kind: 'session', open }] });
      for (const { admin } of [harness, other])
        await eventually(async () => {
          const { streams } = await admin.ask<ActivityView>('GET', '/activity');
          expect(streams).toContainEqual({ kind: 'session', open });
        }, 15_000);
    };

    it('is empty and complete in its form before the first call', async () => {
      for (const [window, points, stepSeconds] of [
        ['hour', 60, 60],
        ['day', 96, 900],
      ] as const) {
        // prettier-ignore
        const view = await activity({ window });
        expect(view).toMatchObject({ stepSeconds, outcomes: [], servers: [], gateways: [], limited: [], methods: [] });
        expect(view.points).toHaveLength(points);
        expect(view.points[0]?.at).toBe(view.from);
        expect(Date.parse(view.to) - Date.parse(view.from)).toBe(points * stepSeconds * 1000);
        expect(total(view)).toBe(0);
      }
      expect(await calls()).toEqual({ items: [] });
    });

    it('are counts by time, outcome, method, server and gateway, and by the limit that refused', async () => {
      verifies('activity.complete');
      await tell({
        counts: [
          count({ calls: 6, seconds: 3 }),
          count({ calls: 2, seconds: 1, outcome: 'upstream_unreachable' }),
          count({ calls: 3, seconds: 0, outcome: 'rate_limited', limit: 'tools' }),
          count({ calls: 4, seconds: 1, server: 'other', gateway: 'second', outcome: 'client_gone' }),
          count({ calls: 5, seconds: 0, gateway: '', method: 'initialize' }),
        ],
      });
      await counted(20);
      await tell({ proxy: 'b-host/0b', number: 1, counts: [count({ calls: 10, seconds: 1 })] });
      await counted(30);
      const view = await activity();
      expect(view.points.reduce((sum, { errors }) => sum + errors, 0)).toBe(5);
      expect(view.outcomes).toEqual([
        { outcome: 'ok', calls: 21 },
        { outcome: 'client_gone', calls: 4 },
        { outcome: 'rate_limited', calls: 3 },
        { outcome: 'upstream_unreachable', calls: 2 },
      ]);
      expect(view.methods).toEqual([
        { method: 'tools/call', calls: 25, errors: 5, meanMs: 240 },
        { method: 'initialize', calls: 5, errors: 0, meanMs: 0 },
      ]);
      expect(view.servers.map(({ slug, calls: n }) => [slug, n])).toEqual([['demo', 26], ['other', 4]]); // prettier-ignore
      expect(view.gateways.map(({ slug, errors }) => [slug, errors])).toEqual([['up', 5], ['second', 0]]); // prettier-ignore
      expect(view.limited).toEqual([{ limit: 'tools', gateway: 'up', server: 'demo', calls: 3 }]);
      expect(total(await activity({ window: 'day' }))).toBe(30);
      expect(total(await activity({ server: 'other' }))).toBe(4);
      expect(total(await activity({ gateway: 'up' }))).toBe(21);
      expect(total(await activity({ gateway: 'none' }))).toBe(0);
    });

    it('are counted once by two registries, also when a notice arrives twice or late', async () => {
      verifies('activity.counted-once');
      const notice = { proxy: 'c-host/0c', counts: [count({ calls: 7 })], calls: [call()] };
      for (const of of [1, 2, 2, 1, 3]) await tell({ ...notice, number: of });
      await heardByAll();
      await counted(21);
      await harness.admin.ask('GET', '/status');
      await heardByAll();
      expect(total(await activity())).toBe(21);
      expect((await calls()).items).toHaveLength(3);
    });

    it('are the last calls, newest first, by pages and filters', async () => {
      await tell({
        calls: [
          call({ ageMs: 3_000 }),
          call({ ageMs: 2_000, outcome: 'rate_limited', limit: 'caller', server: 'other' }),
          call({ ageMs: 1_000, gateway: '', item: '', client: '', caller: 'jwt:https://issuer#sub', method: 'initialize' }), // prettier-ignore
        ],
      });
      await eventually(async () => expect((await calls()).items).toHaveLength(3), 15_000);
      const { items } = await calls();
      expect(items.map(({ method, outcome }) => [method, outcome])).toEqual([
        ['initialize', 'ok'],
        ['tools/call', 'rate_limited'],
        ['tools/call', 'ok'],
      ]);
      const { at, id: _id, ...first } = items[2]!;
      expect(Date.now() - Date.parse(at)).toBeGreaterThanOrEqual(3_000);
      expect(first).toEqual({
        ...{ server: 'demo', gateway: 'up', method: 'tools/call', item: 'echo', caller: 'key:0123456789abcdef' },
        ...{ key: '0123456789abcdef', client: 'a-client', outcome: 'ok', limit: null, durationMs: 12.5 },
      });
      expect(items[0]).toMatchObject({ gateway: null, item: null, key: null, client: null });
      const seen: CallView[] = [];
      for (let cursor: string | undefined, n = 0; n < 3; n++) {
        const page = await calls({ limit: '1', ...(cursor !== undefined && { cursor }) });
        seen.push(...page.items);
        cursor = page.nextCursor;
        expect(cursor === undefined).toBe(n === 2);
      }
      expect(seen).toEqual(items);
      const found = async (query: Record<string, string>) => (await calls(query)).items.map((each) => items.findIndex(({ at: when }) => when === each.at)); // prettier-ignore
      expect(await found({ failed: 'true' })).toEqual([1]);
      expect(await found({ failed: 'false' })).toEqual([0, 2]);
      expect(await found({ server: 'other' })).toEqual([1]);
      expect(await found({ gateway: 'up' })).toEqual([1, 2]);
      expect(await found({ outcome: 'rate_limited', key: '0123456789abcdef' })).toEqual([1]);
      expect(await found({ key: 'ffffffffffffffff' })).toEqual([]);
      const { status } = await harness.admin.request('GET', '/calls?cursor=eA');
      expect(status).toBe(400);
    });

    it('has a bounded number of rows, and the calls of names beyond it are counted together', async () => {
      verifies('activity.bounded');
      const names = (from: number) =>
        Array.from({ length: 400 }, (_, n) => count({ server: `server-${from + n}`, outcome: n % 2 ? 'ok' : 'internal' })); // prettier-ignore
      for (const from of [0, 400, 0]) await tell({ counts: names(from) });
      await counted(1_200);
      const { rows } = await harness.sql.query<{ rows: string }>(
        'select count(*) as rows from activity_count group by step, began_at',
      );
      for (const step of rows) expect(Number(step.rows)).toBeLessThanOrEqual(MAX_ROWS_PER_STEP + 2);
      const view = await activity();
      expect(view.outcomes).toEqual([
        { outcome: 'internal', calls: 600 },
        { outcome: 'ok', calls: 600 },
      ]);
      expect(view.servers).toHaveLength(100);
      expect(view.servers[0]?.slug).toBe('(other)');
    });

    it('keeps names of nobody as text, and nothing that breaks the contract', async () => {
      const text = `x'); drop table seen_call; --`;
      await tell({ counts: [count({ server: text })], calls: [call({ server: text, client: `ü${text}` })] });
      for (const calls of [-1, 0, 0.5, 1e10]) await tell({ counts: [count({ calls })] });
      await tell({ proxy: 'd-host/0d', number: 2 ** 31, counts: [count()] });
      await tell({ calls: [call({ client: 'a\ud800' })] });
      await tell({ counts: [count()] });
      await counted(2);
      expect((await activity()).servers.map(({ slug }) => slug).toSorted()).toEqual(['demo', text].toSorted());
      expect((await calls()).items.map(({ client }) => client)).toEqual([`ü${text}`]);
    });

    it('is not written, and has no entry in the audit log, while there are no calls', async () => {
      verifies('activity.idle');
      await tell({ counts: [count()] });
      await counted(1);
      // `xmin` is the transaction that wrote the row.
      const state = async () => {
        const written: unknown[] = [];
        for (const table of ['activity_count', 'activity_source', 'seen_call', 'audit_entry']) {
          const { rows } = await harness.sql.query(`select xmin::text, ctid::text from ${table} order by ctid`);
          written.push(rows);
        }
        return written;
      };
      const before = await state();
      for (let n = 0; n < 5; n++) await heardByAll();
      expect(await state()).toEqual(before);
    });

    it('forgets what is older than is shown, and more than so many calls', async () => {
      verifies('activity.bounded');
      const add = (step: number, age: string) =>
        harness.sql.query(
          `insert into activity_count (step, began_at, server, gateway, method, outcome, refused_by, calls, seconds)
            values ($1, now() - $2::interval, 's', 'g', 'm', 'ok', '', 1, 1)`,
          [step, age],
        );
      for (const [step, age] of [
        [60, '69 minutes'],
        [60, '71 minutes'],
        [900, '24 hours'],
        [900, '26 hours'],
      ] as const)
        // prettier-ignore
        await add(step, age);
      await harness.sql.query(
        `insert into seen_call (ended_at, server, gateway, method, item, caller, client, outcome, refused_by, duration_ms)
          select now() - n * interval '1 second' - case when n = 1 then interval '25 hours' else interval '0' end,
            's', 'g', 'm', '', 'open', '', 'ok', '', n from generate_series(1, 2100) as n`,
      );
      await harness.sql.query(
        `insert into activity_source (proxy, number, heard_at) values ('gone', 1, now() - interval '2 hours')`,
      );
      // A registry begins with a round.
      const third = await harness.another();
      const left = async (table: string) =>
        Number((await harness.sql.query<{ n: string }>(`select count(*) as n from ${table}`)).rows[0]?.n);
      await eventually(async () => {
        expect(await left('seen_call')).toBe(2_000);
        expect(await left('activity_count')).toBe(2);
        expect(await left('activity_source')).toBe(0);
      }, 15_000);
      await third.stop();
      const { items } = await calls({ limit: '1000' });
      expect(items[0]?.durationMs).toBe(2);
    });

    it('tells open streams of all proxies', async () => {
      await tell({ proxy: 'x/1', streams: [{ kind: 'listen', open: 2 }, { kind: 'session', open: 0 }] }); // prettier-ignore
      await tell({ proxy: 'x/2', streams: [{ kind: 'listen', open: 3 }] });
      await eventually(async () => {
        expect((await activity()).streams).toContainEqual({ kind: 'listen', open: 5 });
      }, 15_000);
    });
  });
}
