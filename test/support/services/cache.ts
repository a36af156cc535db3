import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const cache = join(root, 'node_modules/.cache/lethe-services');

/** Longest time of one command: a network that drops packets must not hold the run up for long. */
const LIMIT_MS = 240_000;

/** Where the versions and hashes of what is brought are kept. */
export const PINNED = join(root, 'test/services');

/** The first of these files that is there. */
export function firstThere(paths: readonly string[]): string | undefined {
  return paths.find((path) => existsSync(path));
}

export function onPath(name: string, alsoIn: readonly string[] = []): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), ...alsoIn];
  return firstThere(folders.map((folder) => join(folder, name)));
}

/** Runs a command to its end. @throws Error with the end of what it said */
export function run(command: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: LIMIT_MS,
    ...options,
  });
  if (status === 0) return;
  const said = error?.message ?? (stderr.trim() || stdout.trim()).slice(-300);
  throw new Error(`${command} ${args[0] ?? ''}: ${said.replaceAll(/\s+/g, ' ')}`);
}

/** One way to bring a service: fills an empty folder. */
export type Way = (folder: string) => void;

/**
 * The folder of the cache for what this file of `test/services` pins, filled by the first way that succeeds.
 * @throws Error with what each way said
 */
export function brought(pinnedIn: string, ways: Readonly<Record<string, Way>>): string {
  const pinned = createHash('sha256')
    .update(readFileSync(join(PINNED, pinnedIn)))
    .digest('hex');
  const folder = join(cache, pinned.slice(0, 16));
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const failures: string[] = [];
  for (const [title, bring] of Object.entries(ways)) {
    console.error(`Not installed: fetching ${title} into node_modules/.cache`);
    const unfinished = mkdtempSync(join(cache, '.unfinished-'));
    try {
      bring(unfinished);
      renameSync(unfinished, folder);
      return folder;
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true });
      // Another run may have brought it meanwhile.
      if (existsSync(folder)) return folder;
      failures.push(`${title} (${String(error)})`);
    }
  }
  throw new Error(`not installed, and could not be brought by ${failures.join('; ')}`);
}
