// How the one-shot handshake process becomes one file: it may read that file and nothing else.
import { join } from 'node:path';
import * as classValidator from 'class-validator';

/**
 * The process takes no bus messages, so the decorators of their classes stay empty in it: half a megabyte less to load.
 * @type {import('esbuild').Plugin}
 */
const withoutMessageValidation = {
  name: 'without-message-validation',
  setup(build) {
    const contents = Object.keys(classValidator)
      .filter((name) => /^\w+$/.test(name) && name !== 'default')
      .map((name) => `export const ${name} = () => () => undefined;`)
      .join('\n');
    build.onResolve({ filter: /^class-validator$/ }, () => ({ path: 'class-validator', namespace: 'empty' }));
    build.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents }));
  },
};

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
    plugins: [withoutMessageValidation],
    logLevel: 'warning',
  };
}
