// The command as one file, and beside it what it loads when it needs it: a bridge runs as long as its client, and there may be many.
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Modules of Node.js are required, not imported: an import reads every export, also those that a module makes when they are
 * first read, and the WebSocket of node:http alone takes 12 MiB.
 */
const requiredModules = {
  name: 'required-modules',
  setup({ onResolve, onLoad }) {
    const names = builtinModules.filter((name) => !name.startsWith('_')).join('|');
    onResolve({ filter: new RegExp(`^(?:node:)?(?:${names})$`) }, ({ path, kind }) =>
      kind === 'import-statement' ? { path: path.replace(/^node:/, ''), namespace: 'node' } : { path, external: true },
    );
    onLoad({ filter: /.*/, namespace: 'node' }, ({ path }) => ({
      contents: `module.exports = require('node:${path}');`,
    }));
  },
};

/** As in the npm package. */
const PACKED = { main: 'bin/lethe', parts: 'lib', extension: '.mjs' };

/**
 * @param {string} root of the checkout, compiled
 * @param {string} folder
 * @param {{ main: string, parts: string, extension: string }} names in the folder: of the command, of the folder of what it loads
 * @returns {Promise<import('esbuild').Metafile>}
 */
export async function bundleCli(root, folder, { main, parts, extension } = PACKED) {
  const { metafile } = await build({
    absWorkingDir: root,
    // The compiled files: esbuild does not write the metadata of decorators.
    entryPoints: [{ in: 'dist/compiled/apps/cli/src/main.js', out: main }],
    outdir: folder,
    chunkNames: `${parts}/[hash]`,
    outExtension: { '.js': extension },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    charset: 'utf8',
    legalComments: 'none',
    alias: { 'libphonenumber-js/max': join(root, 'scripts/no-phone-numbers.mjs') },
    plugins: [requiredModules],
    // Bundled CommonJS modules call require() for modules of Node.js.
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}
