import { isAlive, StartError } from '@lethe/platform';
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

const heldHere = new Set<string>();

/** Another process uses the data directory. The embedded database has no lock of its own, and two writers would destroy it. */
export class DirectoryInUse extends StartError {
  constructor() {
    super('The data directory is in use by another process; stop it, or set LETHE_HOME to another directory');
  }
}

function isHeld(file: string): boolean {
  if (heldHere.has(file)) return true;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  // If the file has our own process id but we have no lock, an earlier container with the same id left it.
  return Number.isInteger(pid) && pid !== process.pid && isAlive(pid);
}

function create(file: string): boolean {
  try {
    const handle = openSync(file, 'wx', 0o600);
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Acquires the lock and returns a function that releases it. A lock whose process has ended is taken over.
 * @throws DirectoryInUse
 */
export function lockDirectory(file: string): () => void {
  if (!create(file)) {
    if (isHeld(file)) throw new DirectoryInUse();
    rmSync(file, { force: true });
    if (!create(file)) throw new DirectoryInUse();
  }
  heldHere.add(file);
  return () => {
    heldHere.delete(file);
    rmSync(file, { force: true });
  };
}
