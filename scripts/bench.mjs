// Runs a benchmark: `node scripts/bench.mjs <name> [arguments]` starts test/bench/<name>/main.ts on the built services.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

/** The built services are measured; only the benchmark's own files are compiled here. */
const builtServices = {
  name: 'built-services',
  setup(bundler) {
    const external = (...path) => ({ path: pathToFileURL(join(dist, ...path)).href, external: true });
    bundler.onResolve({ filter: /^@lethe\// }, ({ path }) => external('libs', path.slice(7), 'src/index.js'));
    bundler.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
      const file = relative(root, join(resolveDir, path));
      return /^(?:apps|libs)\b/.test(file.split(sep).join('/')) ? external(file) : undefined;
    });
    // Files find their neighbours in the source folder, not in the folder of the bundle.
    bundler.onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }));
  },
};

const [name = '', ...given] = process.argv.slice(2);
const stale = spawnSync(process.execPath, [join(root, 'scripts/build-if-stale.mjs')], { stdio: 'inherit' });
if (stale.status !== 0) process.exit(stale.status ?? 1);
await build({
  // `*.process.ts` are the processes that a benchmark starts: dist/bench/<folder>/<file>.process.js
  entryPoints: globSync(`test/bench/{${name},load}/{main,*.process}.ts`, { cwd: root }).map((file) => join(root, file)),
  outdir: join(dist, 'bench'),
  outbase: join(root, 'test/bench'),
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  packages: 'external',
  sourcemap: 'linked',
  tsconfig: join(root, 'tsconfig.json'),
  plugins: [builtServices],
  logLevel: 'warning',
});
const run = spawnSync(process.execPath, [join(dist, 'bench', name, 'main.js'), ...given], { stdio: 'inherit' });
process.exit(run.status ?? 1);
