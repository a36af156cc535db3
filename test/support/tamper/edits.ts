import type { KeptEntry, ServerManifest } from '@lethe/contracts';

/** What was published of one gateway, or of another one: what somebody can copy from. */
export interface Genuine {
  entry: KeptEntry;
  /** From before it was replaced. */
  earlier: KeptEntry;
  /** With this gateway alone. */
  manifest: ServerManifest;
}

/** What somebody writes in the place of an entry and a manifest; undefined for what is left alone. */
export interface Written {
  entry?: KeptEntry;
  manifest?: ServerManifest;
}

/** What edits copy from. */
export interface Loot {
  own: Genuine;
  other: Genuine;
  trapUrl: string;
}

type Edit<T> = (value: T, loot: Loot) => T;

/** The header of a ciphertext; undefined if another edit has left none. */
function headerOf(sealed: string | null): Record<string, unknown> | undefined {
  const json = Buffer.from(sealed?.split('.')[0] ?? '', 'base64url').toString();
  return json.startsWith('{') ? (JSON.parse(json) as Record<string, unknown>) : undefined;
}

/** The ciphertext of an entry under another header. */
function reheaded(entry: KeptEntry, changes: Record<string, unknown>): KeptEntry {
  const known = headerOf(entry.sealed);
  if (!known) return entry;
  const header = Buffer.from(JSON.stringify({ ...known, ...changes })).toString('base64url');
  return { ...entry, sealed: [header, ...(entry.sealed ?? '').split('.').slice(1)].join('.') };
}

const inDays = (days: number): number => Math.floor(Date.now() / 1_000) + days * 86_400;

/** Each thing that an entry says, changed. */
export const ENTRY_EDITS: Record<string, Edit<KeptEntry>> = {
  "another gateway's ciphertext": (entry, { other }) => ({ ...entry, sealed: other.entry.sealed }),
  'the earlier ciphertext': (entry, { own }) => ({ ...entry, sealed: own.earlier.sealed }),
  'no ciphertext': (entry) => ({ ...entry, sealed: 'a.b.c.d.e' }),
  'the deletion': (entry) => ({ ...entry, sealed: null }),
  'the gateway of the ciphertext': (entry, { own, other }) =>
    reheaded(entry, { sub: entry.gatewayId === own.entry.gatewayId ? other.entry.gatewayId : own.entry.gatewayId }),
  'the URL of the ciphertext': (entry, { trapUrl }) => reheaded(entry, { aud: trapUrl }),
  'the mapping of the ciphertext': (entry) => reheaded(entry, { dig: '0'.repeat(64) }),
  'the configuration of the ciphertext': (entry) => reheaded(entry, { cfg: 99 }),
  'the revision of the ciphertext': (entry) => reheaded(entry, { rev: entry.keptRevision + 1 }),
  'the key of the ciphertext': (entry) => reheaded(entry, { kid: 'another-key-here' }),
  'the ephemeral key': (entry, { other }) => reheaded(entry, { epk: headerOf(other.entry.sealed)?.['epk'] }),
  'the beginning': (entry) => reheaded(entry, { iat: inDays(-1) }),
  'the end': (entry) => reheaded(entry, { exp: inDays(80) }),
  'the gateway': (entry, { other }) => ({ ...entry, gatewayId: other.entry.gatewayId }),
  'a later revision': (entry) => ({ ...entry, keptRevision: entry.keptRevision + 5 }),
  'an earlier revision': (entry) => ({ ...entry, keptRevision: entry.keptRevision - 1 }),
};

/** The same of the first gateway of a manifest. */
const gateway =
  (change: (gateway: ServerManifest['gateways'][number], loot: Loot) => object): Edit<ServerManifest> =>
  (manifest, loot) => ({
    ...manifest,
    gateways: manifest.gateways.map((each) => ({ ...each, ...change(each, loot) })),
  });

/** Each thing that a manifest says about where and for whom a kept credential is used, changed. */
export const MANIFEST_EDITS: Record<string, Edit<ServerManifest>> = {
  'the URL': gateway((_each, { trapUrl }) => ({ url: trapUrl })),
  'the mappings': gateway(() => ({ mappings: [{ header: 'X-His' }] })),
  'the certificate authority': gateway(() => ({ tlsCa: 'his' })),
  'the configuration': gateway(({ configRevision }) => ({ configRevision: configRevision + 1 })),
  'the id of the gateway': gateway((_each, { other }) => ({ id: other.entry.gatewayId })),
  'the receipt': gateway((_each, { other }) => ({ receipt: other.manifest.gateways[0]?.receipt })),
  'that it is kept': gateway(({ credential }) => ({ credential: credential === 'kept' ? undefined : 'kept' })),
  'the URL, with the receipt of another': gateway((_each, { other, trapUrl }) => ({
    ...other.manifest.gateways[0],
    url: trapUrl,
  })),
  'whose credential is used': (manifest) => ({
    ...manifest,
    credentials: Object.fromEntries(manifest.gateways.map(({ slug }) => [slug, 'callers-then-kept'])),
  }),
  'the grants': (manifest) => ({
    ...manifest,
    grants: [{ role: 'his', gateways: manifest.gateways.map(({ slug }) => slug) }],
  }),
  'the access': (manifest) => ({ ...manifest, access: 'open' }),
};

/** The names of all edits. */
export const EDITS: readonly string[] = [...Object.keys(ENTRY_EDITS), ...Object.keys(MANIFEST_EDITS)];

/** What somebody writes with these edits, newer than what is there. */
export function writtenWith(edits: readonly string[], loot: Loot): Written {
  const { entry, manifest } = loot.own;
  const [ofEntry, ofManifest] = [applied(ENTRY_EDITS, edits), applied(MANIFEST_EDITS, edits)];
  const newer = { revision: 1_000_000_000 };
  return {
    ...(ofEntry.length > 0 && { entry: ofEntry.reduce((value, edit) => edit(value, loot), { ...entry, ...newer }) }),
    ...(ofManifest.length > 0 && {
      manifest: ofManifest.reduce((value, edit) => edit(value, loot), { ...manifest, ...newer }),
    }),
  };
}

function applied<T>(table: Record<string, Edit<T>>, edits: readonly string[]): Edit<T>[] {
  return edits.flatMap((name) => table[name] ?? []);
}

/** A compact signature over other content. */
export function withPayload(jws: string, payload: object): string {
  const [header = '', , signature = ''] = jws.split('.');
  return [header, Buffer.from(JSON.stringify(payload)).toString('base64url'), signature].join('.');
}
