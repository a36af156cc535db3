import { BUCKETS, type KeptEntry, type ServerManifest } from '@lethe/contracts';
import { eventually } from '../eventually.js';
import { testTrust } from '../trust.js';
import { withPayload, writtenWith } from './edits.js';
import type { KeptDeployment, KeptMember } from './kept-deployment.js';

/** Where somebody writes: to the buckets, or to the outbox and the published state in the database. */
export const PLACES = ['bus', 'outbox'] as const;
/**
 * How it is made to look genuine: signed with a key of somebody's own; under the genuine signature; an earlier one; that of another
 * gateway.
 */
export const WAYS = ['forged', 'resigned', 'replayed', 'exchanged'] as const;

/** What somebody writes, where, and how. */
export interface Tampering {
  edits: string[];
  place: (typeof PLACES)[number];
  way: (typeof WAYS)[number];
}

/** One value that was written, and the code with which a proxy rejects it. */
interface WrittenValue {
  bucket: 'kept' | 'servers';
  key: string;
  value: string;
  code: string;
}

const forger = testTrust();

/** What somebody has to write to the places of one gateway. */
export async function valuesOf(
  { edits, way }: Tampering,
  deployment: KeptDeployment,
  [member, other]: [KeptMember, KeptMember],
): Promise<WrittenValue[]> {
  const loot = { own: deployment.genuine(member), other: deployment.genuine(other), trapUrl: deployment.trap.url };
  const { entry, manifest } = writtenWith(edits, loot);
  const make = async (kind: 'entry' | 'manifest', edited: KeptEntry | ServerManifest): Promise<string> => {
    if (way === 'replayed') return member.earlier[kind];
    if (way === 'exchanged') return other.now[kind];
    if (way === 'resigned') return withPayload(member.now[kind], edited);
    return forger.registrySigner().sign(kind === 'entry' ? 'kept' : 'manifest', edited, new Date());
  };
  const code = way === 'replayed' ? 'older' : 'unsigned';
  return [
    ...(entry ? [{ bucket: 'kept' as const, key: member.id, value: await make('entry', entry), code: `entry_${code}` }] : []), // prettier-ignore
    ...(manifest ? [{ bucket: 'servers' as const, key: member.server, value: await make('manifest', manifest), code: `manifest_${code}` }] : []), // prettier-ignore
  ];
}

/** How many entries of a bucket a proxy has rejected. */
export async function rejectedAt(url: string, bucket: WrittenValue['bucket']): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = new RegExp(`^lethe_proxy_routes_refused_total\\{bucket="${BUCKETS[bucket]}"\\} (\\d+)$`, 'm').exec(
    text,
  );
  return Number(found?.[1] ?? 0);
}

/** Writes to the bus. Resolves when every proxy has rejected it. */
export async function writeToBus({ lethe, buckets }: KeptDeployment, values: readonly WrittenValue[]): Promise<void> {
  for (const { bucket, key, value } of values) {
    const before = await Promise.all(lethe.proxyUrls.map((url) => rejectedAt(url, bucket)));
    await buckets[bucket].put(key, value);
    await eventually(async () => {
      const after = await Promise.all(lethe.proxyUrls.map((url) => rejectedAt(url, bucket)));
      if (after.some((count, at) => count <= (before[at] ?? 0))) throw new Error(`${bucket} ${key} was not rejected`);
    });
  }
}

let lowest = 0;

/** Writes to the database what the relay sends. Resolves when it was taken from there; the published state is as before then. */
export async function writeToOutbox({ database }: KeptDeployment, values: readonly WrittenValue[]): Promise<void> {
  const swap = (value: string, { bucket, key }: WrittenValue) =>
    database.query<{ value: string }>(
      `update published_snapshot p set value = $1 from published_snapshot b
       where p.bucket = $2 and p.key = $3 and b.bucket = p.bucket and b.key = p.key returning b.value`,
      [value, BUCKETS[bucket], key],
    );
  for (const each of values) {
    const { rows } = await swap(each.value, each);
    await database.query(
      'insert into outbox_message (seq, bucket, key, value, created_at) values ($1, $2, $3, $4, now())',
      [...[(lowest -= 1), BUCKETS[each.bucket], each.key, each.value]],
    );
    await eventually(async () => {
      const { rowCount } = await database.query('select 1 from outbox_message where sent_at is null');
      if (rowCount !== 0) throw new Error('the outbox is not empty');
    });
    await swap(rows[0]?.value ?? '', each);
  }
}
