import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { realPartsAvailable } from '../support/real-parts.js';
import { EDITS, ENTRY_EDITS, MANIFEST_EDITS } from '../support/tamper/edits.js';
import { type KeptDeployment, type KeptMember, startKeptDeployment } from '../support/tamper/kept-deployment.js';
import {
  PLACES,
  rejectedAt,
  type Tampering,
  valuesOf,
  WAYS,
  writeToBus,
  writeToOutbox,
} from '../support/tamper/writers.js';

/** How many combinations are tried: `TAMPER_RUNS=400` tries more. The audit log takes 100 findings an hour. */
const RUNS = Number(process.env['TAMPER_RUNS'] ?? 32);
const AUDITED_RUNS = 32;
const GATEWAYS = 6;

const tampering: fc.Arbitrary<Tampering> = fc.record({
  edits: fc.uniqueArray(fc.constantFrom(...EDITS), { minLength: 1, maxLength: 3 }),
  place: fc.constantFrom(...PLACES),
  way: fc.constantFrom(...WAYS),
});
/** Every place and way at least once, for entries and manifests together. */
const ALWAYS: [Tampering][] = PLACES.flatMap((place) =>
  WAYS.map((way, at): [Tampering] => [
    { place, way, edits: [Object.keys(ENTRY_EDITS)[at] ?? '', Object.keys(MANIFEST_EDITS)[at] ?? ''] },
  ]),
);

describe.runIf(realPartsAvailable())('a writer with full access, where credentials are kept', () => {
  let deployment: KeptDeployment;
  beforeAll(async () => (deployment = await startKeptDeployment(GATEWAYS)));
  afterAll(() => deployment?.close());

  const member = (n: number): KeptMember => deployment.members[n % GATEWAYS]!;

  /** Nothing reached the attacker's host, and no credential an upstream that it was not kept for. */
  async function nothingLeaks(called?: readonly KeptMember[], urls?: readonly string[]): Promise<void> {
    expect(await deployment.leaks(called, urls)).toEqual([]);
    expect(deployment.trap.bytes()).toBe(0);
  }

  it(
    'swaps ciphertexts, bindings, gateways and grants: all is rejected with a code, and is in the audit log',
    async () => {
      verifies('tamper.kept');
      verifies('tamper.bus');
      verifies('kept.refusals-audited');
      let run = 0;
      const expected: object[] = [];
      const property = fc.asyncProperty(tampering, async (one) => {
        const [mine, other] = [member(run), member(run + 1)];
        run += 1;
        await deployment.renew(mine);
        const values = await valuesOf(one, deployment, [mine, other]);
        if (one.place === 'bus') await writeToBus(deployment, values);
        else await writeToOutbox(deployment, values);
        for (const url of deployment.lethe.proxyUrls) expect(await deployment.call(url, mine)).toContain('hello');
        expect(mine.upstream.received.at(-1)?.headers.authorization).toBe(`Bearer ${mine.token}`);
        await nothingLeaks([other]);
        const { keptRevision } = deployment.genuine(mine).entry;
        if (run > AUDITED_RUNS) return;
        for (const { key, code } of values) {
          if (one.place === 'outbox') expected.push({ after: { table: 'outbox_message', row: key }, slug: null });
          else expected.push({ after: { code, keptRevision }, slug: mine.slug });
        }
      });
      await fc.assert(property, { numRuns: RUNS, examples: ALWAYS, endOnFailure: true });
      await eventually(async () => expect(await findings()).toEqual(expect.arrayContaining(expected)));
    },
    60_000 + RUNS * 2_000,
  );

  const findings = async (): Promise<object[]> => {
    const { rows } = await deployment.database.query<{ after: object; slug: string | null }>(
      `select after, target_slug as slug from audit_entry where outcome = 'refused'`,
    );
    return rows;
  };
  const republish = ({ server }: KeptMember) =>
    deployment.lethe.admin.request('PATCH', `/servers/${server}`, { description: `anew ${Math.random()}` });
  const served = (one: KeptMember) =>
    eventually(async () => {
      for (const url of deployment.lethe.proxyUrls) expect(await deployment.call(url, one)).toContain('hello');
    });

  /** What somebody changes in which table, with whose rows, and how the registry calls it. */
  const ROWS: [what: string, table: string, key: string, set: string, found?: string][] = [
    ['the ciphertext', 'kept_credential', 'gateway_id', 'sealed = o.sealed'],
    ['the whole row', 'kept_credential', 'gateway_id', 'sealed = o.sealed, kept_revision = o.kept_revision, mac = o.mac, expires_at = o.expires_at, kept_at = o.kept_at, kept_by = o.kept_by'], // prettier-ignore
    ['the end', 'kept_credential', 'gateway_id', `expires_at = t.expires_at + interval '90 days'`],
    ['the revision', 'kept_credential', 'gateway_id', 'kept_revision = t.kept_revision + 1'],
    ['the configuration', 'kept_credential', 'gateway_id', 'config_revision = 2'],
    ['the URL', 'gateway_config', 'gateway_id', `url = 'TRAP'`, 'gateway'],
    ['the mappings', 'gateway_config', 'gateway_id', `mappings = '[{"header":"X-His"}]'`, 'gateway'],
    ['the receipt', 'verification', 'gateway_id', 'receipt = o.receipt', 'gateway'],
    ['whose credential is used', 'virtual_server', 'slug', 'credentials = null'],
    ['the grants', 'virtual_server', 'slug', `grants = '[{"role":"his"}]'`],
    ['the access', 'virtual_server', 'slug', `access = '"open"'`],
  ];

  it('swaps rows: nothing is signed over them, and the audit log says so', async () => {
    verifies('tamper.kept');
    verifies('tamper.database');
    verifies('kept.refusals-audited');
    for (const [n, [what, table, key, set, found = table]] of ROWS.entries()) {
      const [mine, other] = [member(n), member(n + 1)];
      const keyOf = ({ id, server }: KeptMember): string => (key === 'slug' ? server : id);
      await deployment.database.query('drop table if exists saved');
      await deployment.database.query(
        `create temp table saved as select * from ${table} where ${key} = '${keyOf(mine)}'`,
      );
      const change = set.replace('TRAP', deployment.trap.url);
      await deployment.database.query(`update ${table} t set ${change} from ${table} o where t.${key} = '${keyOf(mine)}' and o.${key} = '${keyOf(other)}'`); // prettier-ignore
      await republish(mine);
      await nothingLeaks();
      const slug = table === 'virtual_server' ? mine.server : mine.slug;
      await eventually(async () => expect([what, await findings()]).toEqual([what, expect.arrayContaining([{ after: { table: found }, slug }])])); // prettier-ignore
      const columns = [...set.matchAll(/(\w+) = /g)].map(([, column]) => `${column} = s.${column}`).join(', ');
      await deployment.database.query(`update ${table} t set ${columns} from saved s where t.${key} = s.${key}`);
      await republish(mine);
      await served(mine);
    }
  }, 60_000);

  it('undoes a deletion, in rows, outbox and bus: it stays deleted', async () => {
    verifies('tamper.kept');
    verifies('kept.forgotten');
    const mine = member(5);
    await deployment.renew(mine);
    const { id, token, now } = mine;
    await deployment.database.query('drop table if exists saved');
    await deployment.database.query(
      `create temp table saved as select * from kept_credential where gateway_id = '${id}'`,
    );
    await deployment.lethe.admin.ask('DELETE', `/gateways/${id}/kept-credential`, undefined, { prefer: 'wait=5' });
    const sent = () => mine.upstream.received.filter(({ headers }) => headers.authorization === `Bearer ${token}`).length; // prettier-ignore
    const before = sent();
    await deployment.database.query(`delete from kept_credential where gateway_id = '${id}'`);
    await deployment.database.query('insert into kept_credential select * from saved');
    const values = [{ bucket: 'kept' as const, key: id, value: now.entry, code: 'entry_older' }];
    await writeToOutbox(deployment, values);
    await republish(mine);
    await nothingLeaks();
    const found = (after: object, slug: string | null) =>
      eventually(async () => expect(await findings()).toContainEqual({ after, slug }));
    await found({ table: 'outbox_message', row: id }, null);
    await found({ table: 'kept_credential' }, mine.slug);
    await writeToBus(deployment, values);
    await nothingLeaks();
    expect(sent()).toBe(before);
    await deployment.renew(mine);
    await nothingLeaks();
  }, 60_000);

  it('writes while a proxy is down: it is rejected at its start, and at that of a new one', async () => {
    verifies('tamper.kept');
    verifies('tamper.bus');
    const { lethe } = deployment;
    for (let n = 0; n < 4; n += 1) await deployment.renew(member(n));
    await lethe.proxies[1]?.stop();
    const [first = ''] = lethe.proxyUrls;
    const values = (
      await Promise.all(
        WAYS.map(
          (way, n) =>
          valuesOf({ way, place: 'bus', edits: ["another gateway's ciphertext", 'the URL'] }, deployment, [member(n), member(n + 1)]), // prettier-ignore
        ),
      )
    ).flat();
    const write = async () => {
      for (const { bucket, key, value } of values) await deployment.buckets[bucket].put(key, value);
    };
    await write();
    await nothingLeaks(undefined, [first]);
    const again = await lethe.launch('proxy', 'proxy-2');
    const fresh = await lethe.startProxy();
    lethe.proxies[1] = again.process;
    for (const url of [await again.listening(), fresh.url]) {
      // Registries put back what is missing in the meantime.
      await eventually(async () => {
        if ((await rejectedAt(url, 'kept')) < 3 || (await rejectedAt(url, 'servers')) < 3) {
          await write();
          throw new Error(`${url} has rejected nothing yet`);
        }
      });
      await nothingLeaks(undefined, [url]);
    }
    await nothingLeaks(undefined, [first]);
  }, 60_000);
});
