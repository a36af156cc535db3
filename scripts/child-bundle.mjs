// How the one-shot handshake process becomes a folder of its own: it may read that folder and nothing else.
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const scripts = dirname(fileURLToPath(import.meta.url));

/**
 * Writes `main.cjs`, which is what is forked, the bundle that it runs, and the bundle's compiled code.
 *
 * @param {string} root
 * @param {string} folder
 * @returns {Promise<void>}
 */
export async function bundleChild(root, folder) {
  // Beside the one before, and then in its place: V8 takes compiled code of another text of the same length for its own.
  const made = `${folder}.made`;
  await rm(made, { recursive: true, force: true });
  await mkdir(made, { recursive: true });
  await writeChild(root, made);
  await rm(folder, { recursive: true, force: true });
  await rename(made, folder);
}

/**
 * @param {string} root
 * @param {string} folder
 */
async function writeChild(root, folder) {
  await build({
    entryPoints: [join(root, 'apps/connector/src/child/main.ts')],
    outfile: join(folder, 'code.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    minify: true,
    charset: 'ascii',
    legalComments: 'none',
    // The loader hands in what a module has.
    banner: { js: '(function (exports, require, module) {' },
    footer: { js: '})' },
    tsconfig: join(root, 'tsconfig.json'),
    logLevel: 'warning',
  });
  await copyFile(join(scripts, 'child-loader.cjs'), join(folder, 'main.cjs'));
  // In a process of its own, with V8 as the child has it.
  const rehearsal = spawnSync(process.execPath, [join(scripts, 'rehearse-child.mjs'), folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (rehearsal.status !== 0) throw new Error('The handshake process could not be rehearsed');
}
