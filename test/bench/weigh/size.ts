import { execFile } from 'node:child_process';
import { cp, lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeHome, removeHome } from '../../support/processes.js';
import type { Build } from './builds.js';
import type { Sample } from './figures.js';
import { copiedPaths, installArguments } from './image-contents.js';

const run = promisify(execFile);
const MIB = 1024 * 1024;
/** As `stat` counts what a file takes. */
const BLOCK = 512;
/** What an install needs of a checkout. */
const INSTALL_FILES = ['package.json', 'package-lock.json', '.npmrc', 'scripts'];
/** What tests, benchmarks and the build's own bookkeeping leave in `dist`; no image has it. */
const NOT_BUILT = new Set(['bench', 'labs', 'compiled', '.built', '.tsbuildinfo']);
const NOTHING: ReadonlySet<string> = new Set();
const OUTPUT_BYTES = 64 * MIB;

/** What an install takes on disk, what is built, and what an image contains without its base image, in MiB. */
export async function weighSize({ root }: Build): Promise<Sample> {
  const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
  const installed = await installedMiB(root, ['ci', '--omit=dev']);
  const installedInImage = await installedMiB(root, installArguments(dockerfile));
  let contents = 0;
  for (const path of copiedPaths(dockerfile)) {
    contents += path === 'node_modules' ? installedInImage : await sizeOf(join(root, path), NOT_BUILT);
  }
  const image = await imageMiB(root);
  return {
    'size.installed': installed,
    'size.dist': await sizeOf(join(root, 'dist'), NOT_BUILT),
    'size.imageContents': contents,
    ...(image !== undefined && { 'size.image': image }),
  };
}

/** Of `node_modules`, after an install in an empty folder. */
async function installedMiB(root: string, args: readonly string[]): Promise<number> {
  const folder = await makeHome();
  try {
    for (const file of INSTALL_FILES) await cp(join(root, file), join(folder, file), { recursive: true });
    await run('npm', [...args, '--no-audit', '--no-fund'], { cwd: folder, maxBuffer: OUTPUT_BYTES });
    return await sizeOf(join(folder, 'node_modules'));
  } finally {
    await removeHome(folder);
  }
}

/** Of a file or a folder with all below it, in MiB; a file that has several names counts once. */
async function sizeOf(path: string, without = NOTHING, counted = new Set<number>()): Promise<number> {
  const found = await lstat(path);
  if (counted.has(found.ino)) return 0;
  counted.add(found.ino);
  const own = (found.blocks * BLOCK) / MIB;
  if (!found.isDirectory()) return own;
  const names = (await readdir(path)).filter((name) => !without.has(name));
  const below = await Promise.all(names.map((name) => sizeOf(join(path, name), NOTHING, counted)));
  return below.reduce((sum, each) => sum + each, own);
}

/** The whole image as Docker makes it; undefined where no Docker runs. */
async function imageMiB(root: string): Promise<number | undefined> {
  const docker = async (...args: string[]) =>
    (await run('docker', args, { cwd: root, maxBuffer: OUTPUT_BYTES })).stdout.trim();
  try {
    await docker('info', '--format', '{{.ServerVersion}}');
  } catch {
    return undefined;
  }
  const image = await docker('build', '--quiet', '.');
  return Number(await docker('image', 'inspect', '--format', '{{.Size}}', image)) / MIB;
}
