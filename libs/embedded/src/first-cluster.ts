import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartError } from '@lethe/platform';
import { unpackCluster } from './cluster-file.js';

/** The file is beside this one, as source or as build. */
const CREATE = new URL(`./create-cluster${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** What the name of a folder that is not complete yet begins with; six characters follow. */
function unfinished(dir: string): string {
  return `.${basename(dir)}-unfinished-`;
}

/** Where a first cluster comes from. */
export interface ClusterSource {
  /** A file of `packCluster`. If it can't be used, the cluster is created, which takes some seconds. */
  template?: string;
  /** Called with one line, without values, if the file can't be used. */
  warn?: (line: string) => void;
}

/**
 * Makes a cluster of `dir` unless it is one. It is written beside and gets its name when it is complete: a crash of
 * the process leaves no half of one. The caller has the lock of `dir`.
 * @throws StartError if no cluster can be created there
 */
export async function ensureCluster(dir: string, source: ClusterSource): Promise<void> {
  if (existsSync(join(dir, 'PG_VERSION'))) return;
  forgetUnfinished(dir);
  const made = mkdtempSync(join(dirname(dir), unfinished(dir)));
  try {
    if (!isUnpacked(made, source)) await create(made);
    setAside(dir);
    renameSync(made, dir);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    throw error;
  }
}

function forgetUnfinished(dir: string): void {
  const parent = dirname(dir);
  for (const name of readdirSync(parent)) {
    if (name.startsWith(unfinished(dir)) && name.length === unfinished(dir).length + 6)
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isUnpacked(made: string, { template, warn }: ClusterSource): boolean {
  if (template === undefined) return false;
  try {
    unpackCluster(template, made);
    return true;
  } catch {
    warn?.('The first database of this build is missing or damaged; another one is created, which takes some seconds');
    for (const name of readdirSync(made)) rmSync(join(made, name), { recursive: true });
    return false;
  }
}

async function create(made: string): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(CREATE), made], { env: {}, stdio: 'ignore' });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  // Where it can't even be started, there is no exit.
  await once(child, 'exit').catch(() => undefined);
  process.off('exit', kill);
  if (child.exitCode !== 0)
    throw new StartError('The first database could not be created in the data directory (LETHE_HOME)');
}

/** Keeps what a version before this one left when it crashed at its first start: it is no cluster. */
function setAside(dir: string): void {
  if (!existsSync(dir) || readdirSync(dir).length === 0) return;
  renameSync(dir, `${dir}.incomplete-${Date.now()}`);
}
