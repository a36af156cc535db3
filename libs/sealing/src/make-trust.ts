import type { SigningRole } from './claims.js';
import { type KeptKey, keptFromJson, keptToJson, newKeptKey, rotateKept } from './kept-ring.js';
import { newRingKey, ringFromJson, type RingKey, ringToJson } from './key-ring.js';
import { callersRing } from './rows-mac.js';
import { SealingError } from './sealing.error.js';
import { newSigningKey, signingKeyToJson } from './signing-key.js';
import {
  type KeptIdentity,
  keptIdentityFromJson,
  newIdentity,
  retireRole,
  toIdentity,
  TRUST_FILE,
  trustFromJson,
  trustToJson,
  type TrustedIdentity,
} from './trust-file.js';
import {
  ALL_PRIVATE_FILES,
  CALLERS_FILE,
  claimFolder,
  PRIVATE_FILES,
  readIfThere,
  readTrustFile,
  SERVICE_FILES,
  type TrustRole,
  type TrustService,
  TRUST_ROLES,
  writeTrustFiles,
} from './trust-folder.js';

/** The public content of a trust folder. */
export interface TrustSummary {
  dir: string;
  /** The files that were written. */
  files: string[];
  /** Of these, those that each service needs. */
  services: Record<TrustService, string[]>;
  identities: { role: SigningRole; kid: string; fingerprint: string; state: 'active' | 'retired' }[];
}

/** The current and the previous key. Clients with older sessions must initialize again. */
const SESSION_KEYS_KEPT = 2;

/**
 * Creates all keys of a deployment in a folder without keys. Nothing is ever overwritten.
 * @throws SealingError `trust_exists`
 */
export async function initTrust(dir: string, now: Date): Promise<TrustSummary> {
  await claimFolder(dir);
  const registry = newSigningKey();
  const connector = newSigningKey();
  const kept = newKeptKey();
  const keys = [newIdentity('registry', registry, now), newIdentity('connector', connector, now)];
  await writeTrustFiles(dir, [
    [PRIVATE_FILES.registry, signingKeyToJson(registry)],
    [PRIVATE_FILES.connector, signingKeyToJson(connector)],
    ...rowsFiles([newRingKey()]),
    [PRIVATE_FILES.session, ringToJson([newRingKey()])],
    [PRIVATE_FILES.kept, keptToJson([kept])],
    [TRUST_FILE, trustToJson(keys, toKeptIdentity(kept))],
  ]);
  return summarise(dir, [...ALL_PRIVATE_FILES, TRUST_FILE], keys);
}

/**
 * Gives a role a new key. A retired signing key still verifies what it signed before. The session ring keeps one previous
 * key. The rows ring keeps all keys, because a row is written again only when it changes. Keys for kept credentials stay for
 * longer than what was sealed to them is valid; an older folder gets its first one.
 * @throws SealingError `role_unknown`, `trust_missing`
 */
export async function rotateTrust(dir: string, role: string, now: Date): Promise<TrustSummary> {
  const known = TRUST_ROLES.find((candidate) => candidate === role);
  if (known === undefined) throw new SealingError('role_unknown', TRUST_ROLES.join(', '));
  const text = await readTrustFile(dir, TRUST_FILE);
  const trusted = { keys: trustFromJson(text), kept: keptIdentityFromJson(text) };
  if (known === 'registry' || known === 'connector') return rotateSigner(dir, known, trusted, now);
  if (known === 'kept') return addKeptKey(dir, trusted, now);
  return summarise(dir, await rotateRing(dir, known), trusted.keys);
}

/** The content of `trust.json`. */
interface PublicKeys {
  keys: TrustedIdentity[];
  kept: KeptIdentity | undefined;
}

// trust.json is written first: a crash between the two writes leaves a retired private key, and another rotation repairs that.
async function rotateSigner(
  dir: string,
  role: SigningRole,
  { keys, kept }: PublicKeys,
  now: Date,
): Promise<TrustSummary> {
  const made = newSigningKey();
  const rotated = [...retireRole(keys, role, now), newIdentity(role, made, now)];
  await writeTrustFiles(dir, [[TRUST_FILE, trustToJson(rotated, kept)]]);
  await writeTrustFiles(dir, [[PRIVATE_FILES[role], signingKeyToJson(made)]]);
  return summarise(dir, [PRIVATE_FILES[role], TRUST_FILE], rotated);
}

// The private key is written first: a public key whose private part was lost would take credentials that nobody can open.
async function addKeptKey(dir: string, { keys }: PublicKeys, now: Date): Promise<TrustSummary> {
  const file = PRIVATE_FILES.kept;
  const text = await readIfThere(dir, file);
  const ring = rotateKept(text === undefined ? [] : keptFromJson(text, file), now);
  await writeTrustFiles(dir, [[file, keptToJson(ring)]]);
  const [current] = ring;
  await writeTrustFiles(dir, [[TRUST_FILE, trustToJson(keys, current && toKeptIdentity(current))]]);
  return summarise(dir, [file, TRUST_FILE], keys);
}

function toKeptIdentity({ kid, fingerprint, publicJwk }: KeptKey): KeptIdentity {
  return { kid, fingerprint, jwk: publicJwk };
}

/** Returns the names of the files that it wrote. */
async function rotateRing(dir: string, role: Exclude<TrustRole, SigningRole | 'kept'>): Promise<string[]> {
  const file = PRIVATE_FILES[role];
  const ring = [newRingKey(), ...ringFromJson(await readTrustFile(dir, file), file)];
  const session: ReturnType<typeof rowsFiles> = [[file, ringToJson(ring.slice(0, SESSION_KEYS_KEPT))]];
  const files = role === 'rows' ? rowsFiles(ring) : session;
  await writeTrustFiles(dir, files);
  return files.map(([name]) => name);
}

/** The files of the rows ring: the whole ring, and the part for proxies. */
function rowsFiles(ring: RingKey[]): Parameters<typeof writeTrustFiles>[1] {
  return [
    [PRIVATE_FILES.rows, ringToJson(ring)],
    [CALLERS_FILE, ringToJson(callersRing(ring))],
  ];
}

function summarise(dir: string, files: string[], keys: TrustedIdentity[]): TrustSummary {
  const identities = keys.map((key) => ({
    role: key.role,
    state: key.state,
    kid: key.kid,
    fingerprint: toIdentity(key).fingerprint,
  }));
  const written = (service: TrustService): string[] => SERVICE_FILES[service].filter((file) => files.includes(file));
  const services = { registry: written('registry'), connector: written('connector'), proxy: written('proxy') };
  return { dir, files, services, identities };
}
