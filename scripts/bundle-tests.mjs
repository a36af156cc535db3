// Compiles programs under test/ (benchmarks, labs) for the Node.js of the install. The compiled services are used as they are.
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const compiled = join(dist, 'compiled');

/** The compiled services run; only the program's own files are compiled here. */
const builtServices = {
  name: 'built-services',
  setup(bundler) {
    const external = (...path) => ({ path: pathToFileURL(join(compiled, ...path)).href, external: true });
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

/** Compiles `files` of `test/<folder>` to `dist/<folder>`, each in the folder it has there. */
export async function bundleTests(folder, files) {
  await build({
    entryPoints: files.map((file) => join(root, file)),
    outdir: join(dist, folder),
    outbase: join(root, 'test', folder),
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
}
