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

/** These packages make a `require` of their own for packages that are bundled: it would load them a second time, or not find them. */
const REQUIRE = 'const require = createRequire(import.meta.url);';

/** @type {import('esbuild').Plugin} */
export const withStaticRequires = {
  name: 'static-requires',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]@nestjs[\\/](?:mapped-types|swagger)[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return text.includes(REQUIRE) ? { contents: text.replace(REQUIRE, ''), loader: 'js' } : undefined;
    });
  },
};
