// Bundles the one-shot handshake process into a folder of its own, the only one that it may read.
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const scripts = dirname(fileURLToPath(import.meta.url));

/**
 * Writes `main.cjs`, which is forked; `code.js`, which it runs; `handshake.js`, which that loads when a handshake is near; and the
 * compiled code of both.
 *
 * @param {string} root
 * @param {string} folder
 * @returns {Promise<import('esbuild').Metafile>}
 */
export async function bundleChild(root, folder) {
  // Made in a new folder: V8 accepts compiled code of another text of the same length.
  const made = `${folder}.made`;
  await rm(made, { recursive: true, force: true });
  await mkdir(made, { recursive: true });
  const metafile = await writeChild(root, made);
  await rm(folder, { recursive: true, force: true });
  await rename(made, folder);
  return metafile;
}

/** Keeps the code of a handshake out of what a waiting process loads. */
const HANDSHAKE_APART = {
  name: 'handshake-apart',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /\/handshake-code\.js$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './handshake.js', external: true } : undefined,
    );
  },
};

/**
 * @param {string} root
 * @param {string} folder
 */
async function writeChild(root, folder) {
  const child = join(root, 'apps/connector/src/child');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { code: join(child, 'main.ts'), handshake: join(child, 'handshake-code.ts') },
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    minify: true,
    charset: 'ascii',
    legalComments: 'none',
    alias: { 'libphonenumber-js/max': join(scripts, 'no-phone-numbers.mjs') },
    plugins: [HANDSHAKE_APART],
    // What is imported later is required by the loader's own `require`.
    supported: { 'dynamic-import': false },
    // The loader passes in what a CommonJS module expects.
    banner: { js: '(function (exports, require, module) {' },
    footer: { js: '})' },
    tsconfig: join(root, 'tsconfig.json'),
    metafile: true,
    logLevel: 'warning',
  });
  await copyFile(join(scripts, 'child-loader.cjs'), join(folder, 'main.cjs'));
  // In its own process, with the same V8 options as the handshake process.
  const warmUp = spawnSync(process.execPath, [join(scripts, 'warm-up-child.mjs'), folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (warmUp.status !== 0) throw new Error('The warm-up of the handshake process failed');
  return metafile;
}
