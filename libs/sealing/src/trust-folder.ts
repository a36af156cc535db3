import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { SealingError } from './sealing.error.js';
import { TRUST_FILE } from './trust-file.js';

/** The private key file of each role. A service gets those that it needs, and `trust.json`. */
export const PRIVATE_FILES = {
  registry: 'registry.sign',
  connector: 'connector.sign',
  rows: 'rows.mac',
  session: 'session.ring',
  kept: 'proxy.kept',
} as const;

/** Derived from the rows' file, for proxies: it can only check callers' keys. */
export const CALLERS_FILE = 'callers.mac';
/** All files with private keys. */
export const ALL_PRIVATE_FILES: readonly string[] = [...Object.values(PRIVATE_FILES), CALLERS_FILE];

/** A service that needs keys. */
export type TrustService = 'registry' | 'connector' | 'proxy';
type TrustFileName = (typeof PRIVATE_FILES)[TrustRole] | typeof CALLERS_FILE | typeof TRUST_FILE;
/** The files that each service needs. With those of another one, it could act as that one. */
export const SERVICE_FILES: Readonly<Record<TrustService, readonly TrustFileName[]>> = {
  registry: [PRIVATE_FILES.registry, PRIVATE_FILES.rows, TRUST_FILE],
  connector: [PRIVATE_FILES.connector, TRUST_FILE],
  proxy: [CALLERS_FILE, PRIVATE_FILES.session, PRIVATE_FILES.kept, TRUST_FILE],
};

/** A role whose keys can be rotated. */
export type TrustRole = keyof typeof PRIVATE_FILES;
/** All roles. */
export const TRUST_ROLES: readonly TrustRole[] = ['registry', 'connector', 'rows', 'session', 'kept'];

/** Reads a file; undefined if it does not exist. */
export async function readIfThere(dir: string, file: TrustFileName): Promise<string | undefined> {
  try {
    return await readFile(join(dir, file), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new SealingError('trust_missing', file);
  }
}

/**
 * Reads a file that must exist.
 * @throws SealingError `trust_missing`; it names the file
 */
export async function readTrustFile(dir: string, file: TrustFileName): Promise<string> {
  const text = await readIfThere(dir, file);
  if (text === undefined) throw new SealingError('trust_missing', file);
  return text;
}

/**
 * Creates the folder if it does not exist.
 * @throws SealingError `trust_exists` when a key file is already in it
 */
export async function claimFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const taken: readonly string[] = [TRUST_FILE, ...ALL_PRIVATE_FILES];
  if ((await readdir(dir)).some((name) => taken.includes(name))) throw new SealingError('trust_exists');
}

/** Writes each file atomically. Only the owner can read private keys; everybody can read `trust.json`. */
export async function writeTrustFiles(dir: string, files: [TrustFileName, string][]): Promise<void> {
  const written: [string, string][] = [];
  for (const [name, text] of files) {
    const draft = join(dir, `.${name}.${randomBytes(4).toString('hex')}`);
    await writeDurably(draft, text, name === TRUST_FILE ? 0o644 : 0o600);
    written.push([draft, join(dir, name)]);
  }
  for (const [draft, target] of written) await rename(draft, target);
}

async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}
