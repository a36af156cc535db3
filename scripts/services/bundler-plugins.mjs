// What esbuild has to be told of files that find others by their own path.
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

const posix = (path) => path.split(sep).join('/');

/**
 * A compiled file finds its neighbours as if it were still a file of its own, at the path that it has without `compiled`.
 *
 * @param {string} root
 * @param {string} compiled
 * @param {string} folder of the bundle, relative to the one that takes the place of `compiled`
 * @param {string} bundleUrl the expression that is the bundle's URL
 * @returns {import('esbuild').Plugin}
 */
export const withFilePaths = (root, compiled, folder, bundleUrl) => ({
  name: 'file-paths',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/]compiled[\\/].*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const target = posix(relative(join(root, compiled, folder), path));
      const url = `new URL(${JSON.stringify(target)}, ${bundleUrl}).href`;
      return { contents: text.replaceAll('import.meta.url', url), loader: 'js' };
    });
  },
});

/** How packages require what they need only if it is used: as a `require` of their own, or in one expression. */
const OWN_REQUIRE = 'const require = createRequire(import.meta.url);';
const REQUIRES = /createRequire\(import\.meta\.url\)(?=\('@nats-io\/transport-node'\))/g;

/**
 * These packages require others that are bundled in a way that esbuild does not see. They would load them a second time, or not
 * find them.
 *
 * @type {import('esbuild').Plugin}
 */
export const withStaticRequires = {
  name: 'static-requires',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@nestjs[\\/](?:mapped-types|microservices|swagger)[\\/].*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes('createRequire(')) return undefined;
      return { contents: text.replace(OWN_REQUIRE, '').replaceAll(REQUIRES, 'require'), loader: 'js' };
    });
  },
};
