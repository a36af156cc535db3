// How the one-shot handshake process becomes one file: it may read that file and nothing else.
import { join } from 'node:path';

/**
 * @param {string} root
 * @param {string} outfile
 * @returns {import('esbuild').BuildOptions}
 */
export function childBundle(root, outfile) {
  return {
    entryPoints: [join(root, 'apps/connector/src/child/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    minify: true,
    legalComments: 'none',
    tsconfig: join(root, 'tsconfig.json'),
    logLevel: 'warning',
  };
}
