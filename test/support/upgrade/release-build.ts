import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ROOT } from '../processes.js';
import { LAST_RELEASE } from './last-release.js';

const run = promisify(execFile);
const { commit, version } = LAST_RELEASE;

/** Inside node_modules, whose packages the release uses. */
const CACHE = join(ROOT, 'node_modules/.cache/lethe-release');

const LOCK = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), dev: z.boolean().default(false) })),
});

const TSCONFIG = z.looseObject({ compilerOptions: z.looseObject({}).optional() });

/**
 * The last release, built: the folder that has its `dist`. It runs with the packages of this checkout if they have the
 * versions of the release, otherwise with its own, which are installed.
 * @throws Error if the commit is not in this clone
 */
export async function lastReleaseBuild(): Promise<string> {
  const built = join(CACHE, commit);
  if (existsSync(built)) return built;
  await requireCommit();
  // Not below node_modules, where TypeScript would compile nothing; on one file system with it.
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  const source = await mkdtemp(join(ROOT, 'dist/.release-'));
  try {
    await run('/bin/sh', ['-c', `git archive ${commit} | tar -x -C '${source}'`], { cwd: ROOT });
    const parts = ['dist', 'package.json', ...(await installed(source))];
    await withoutTypeCheck(join(source, 'tsconfig.build.json'));
    await run(process.execPath, ['scripts/build.mjs'], { cwd: source });
    await mkdir(CACHE, { recursive: true });
    const draft = await mkdtemp(join(CACHE, '.unfinished-'));
    for (const part of parts) await rename(join(source, part), join(draft, part));
    // Another run may have built it meanwhile.
    await rename(draft, built).catch(() => rm(draft, { recursive: true, force: true }));
    return built;
  } finally {
    await rm(source, { recursive: true, force: true });
  }
}

/** Gives the release its packages. Returns the folder of those that were installed for it alone. */
async function installed(source: string): Promise<string[]> {
  const lock = async (folder: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'));
  const changed = changedPackages(await lock(source), await lock(ROOT));
  if (changed.length === 0) {
    await symlink(join(ROOT, 'node_modules'), join(source, 'node_modules'));
    return [];
  }
  console.error(`Release ${version} gets packages of its own: ${changed.slice(0, 5).join(', ')}`);
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: source });
  return ['node_modules'];
}

/** Its types were checked before it was released, and the same files are written without. */
async function withoutTypeCheck(file: string): Promise<void> {
  const { compilerOptions, ...config } = TSCONFIG.parse(JSON.parse(await readFile(file, 'utf8')));
  await writeFile(file, JSON.stringify({ ...config, compilerOptions: { ...compilerOptions, noCheck: true } }));
}

/** Whether this clone can have the last release: a shallow one may lack its commit, and what needs it is left out then. */
export function isReleaseReachable(): boolean {
  const git = (...given: string[]) => spawnSync('git', given, { cwd: ROOT, encoding: 'utf8' });
  if (git('cat-file', '-e', `${commit}^{commit}`).status === 0) return true;
  const isShallow = git('rev-parse', '--is-shallow-repository').stdout.trim() === 'true';
  if (isShallow)
    console.warn(`Upgrades are not tested: this clone is shallow and lacks ${commit} (git fetch --unshallow)`);
  return !isShallow;
}

async function requireCommit(): Promise<void> {
  await run('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: ROOT }).catch(() => {
    throw new Error(`The tests of upgrades need release ${version}, and its commit ${commit} is not in this clone`);
  });
}

/** Packages of the release that have another version now, or are gone. */
export function changedPackages(released: unknown, today: unknown): string[] {
  const now = LOCK.parse(today).packages;
  const before = Object.entries(LOCK.parse(released).packages).filter(([path, { dev }]) => path !== '' && !dev);
  return before.flatMap(([path, { version: was }]) => {
    const is = now[path]?.version;
    return is === was ? [] : [`${path.replace('node_modules/', '')} ${was} (now ${is ?? 'gone'})`];
  });
}
