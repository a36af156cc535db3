import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './processes.js';

/** Compiles a program for Node, without its libraries. Returns its path. @param entry its source, below the root */
export async function bundledProgram(entry: string): Promise<string> {
  const name = basename(entry, '.ts');
  const outdir = join(ROOT, 'dist/programs', String(process.pid), name);
  await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    tsconfig: join(ROOT, 'tsconfig.json'),
    logLevel: 'warning',
  });
  return join(outdir, `${name}.js`);
}
