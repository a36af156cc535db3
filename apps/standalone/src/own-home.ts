import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, parseJson } from '@lethe/mcp';
import { DirectoryInUse, lockDirectory } from '@lethe/embedded';
import { StartError } from '@lethe/platform';

/**
 * Creates the data directory and takes it for this process, whatever database it uses: two would overwrite each other's
 * files. Returns a function that releases it.
 * @throws StartError which says what runs there already, and where
 */
export async function ownHome(home: string): Promise<() => void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  try {
    return lockDirectory(join(home, 'lethe.lock'));
  } catch (error) {
    throw error instanceof DirectoryInUse ? await alreadyRuns(home, error) : error;
  }
}

async function alreadyRuns(home: string, error: DirectoryInUse): Promise<Error> {
  const text = await readFile(join(home, 'runtime.json'), 'utf8').catch(() => undefined);
  // It has no file yet while it starts.
  if (text === undefined) return error;
  const runtime = parseJson(text);
  const { registryUrl, proxyUrl, pids } = isObject(runtime) ? runtime : {};
  if (typeof registryUrl !== 'string' || typeof proxyUrl !== 'string' || !Array.isArray(pids)) return error;
  return new StartError(
    `Lethe already runs with this data directory (LETHE_HOME): admin API ${registryUrl}/docs, ` +
      `virtual servers at ${proxyUrl}/servers/<slug>/mcp, process ${JSON.stringify(pids).slice(1, -1)}. ` +
      'Use that one, stop it, or set LETHE_HOME to another directory',
  );
}
