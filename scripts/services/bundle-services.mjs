// Bundles what runs in production from the compiled files of dist/compiled, at the paths of the sources below dist/: it starts from a
// few files, and node_modules needs only what can't be bundled (docs/adr/0027-services-are-bundled.md).
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { bundleCli } from '../packages/cli-bundle.mjs';
import { withFilePaths, withStaticRequires } from './bundler-plugins.mjs';

/** Where the compiler writes. */
export const COMPILED = 'dist/compiled';

/** Started most often and by people who wait: they get compiled code too. */
export const SERVICES = ['standalone', 'registry', 'connector', 'proxy'];

/** Files that are started as a process or a thread of their own. */
const PROGRAMS = [
  'apps/demo/src/main.js',
  'apps/demo/src/token/holder/main.js',
  'apps/demo/src/token/minter/main.js',
  'apps/demo/src/upstream/main.js',
  'libs/embedded/src/create-cluster.js',
  'libs/embedded/src/database-worker.js',
];

/** Compiled from a script of an operator, which imports packages too. */
const SCRIPTS = ['deploy/backup/forget-published.mjs'];

/** Has files of its own that it reads: WebAssembly and the share folder of PostgreSQL. */
const INSTALLED = ['@electric-sql/pglite'];

/** Packages that others load only if they are configured, and that are not installed. */
const NEVER_INSTALLED = [
  ...['@fastify/multipart', '@fastify/view', '@grpc/grpc-js', '@grpc/proto-loader', '@nestjs/platform-express'],
  ...['@nestjs/websockets', 'amqp-connection-manager', 'amqplib', 'ioredis', 'kafkajs', 'mqtt', 'pg-native'],
];

/** What of swagger-ui-dist the page of the API loads, and its licence. */
const API_PAGE = [
  ...['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-standalone-preset.js'],
  ...['favicon-16x16.png', 'favicon-32x32.png', 'LICENSE', 'NOTICE'],
];

/** @param {string} root */
const options = (root) => ({
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  // On an older Node.js than it needs, a service has to come as far as saying so.
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  // Names of classes are part of error messages and metadata, and the frames of an error are logged with line numbers.
  keepNames: true,
  lineLimit: 160,
  // Text of one byte per character takes half the memory.
  charset: 'ascii',
  legalComments: 'none',
  alias: {
    'class-transformer/storage': 'class-transformer/cjs/storage.js',
    'libphonenumber-js/max': join(root, 'scripts/no-phone-numbers.mjs'),
  },
  external: [...INSTALLED, ...NEVER_INSTALLED],
  metafile: true,
  logLevel: 'warning',
});

/** A CommonJS function body for `service-loader.mjs`: only such code can be stored compiled, in one file for all that is read. */
async function bundleService(root, into, app) {
  const folder = join(into, 'apps', app, 'src');
  const bundled = await build({
    ...options(root),
    entryPoints: [join(root, COMPILED, 'apps', app, 'src/main.js')],
    outfile: join(folder, 'main.cjs'),
    format: 'cjs',
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: '(function (require, module, exports, bundleUrl) {' },
    footer: { js: '})' },
    plugins: [withFilePaths(root, COMPILED, `apps/${app}/src`, 'bundleUrl'), withStaticRequires],
  });
  await copyFile(join(root, 'scripts/services/service-loader.mjs'), join(folder, 'main.js'));
  return bundled.metafile;
}

/** @param {string} file its path without the folder that it was compiled to */
async function bundleProgram(root, into, folder, file) {
  const bundled = await build({
    ...options(root),
    entryPoints: [join(root, folder, file)],
    outfile: join(into, file),
    format: 'esm',
    banner: {
      js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
    },
    plugins: [withFilePaths(root, COMPILED, dirname(file), 'import.meta.url'), withStaticRequires],
  });
  return bundled.metafile;
}

async function copyApiPage(root, into) {
  await mkdir(join(into, 'api-page'), { recursive: true });
  for (const file of API_PAGE)
    await copyFile(join(root, 'node_modules/swagger-ui-dist', file), join(into, 'api-page', file));
}

/**
 * Writes all bundles to `dist`. The folders are replaced when everything was made.
 *
 * @param {string} root of the checkout, compiled
 * @returns {Promise<Record<string, import('esbuild').Metafile[]>>} what each service, the command and the other programs are made of
 */
export async function bundleServices(root) {
  const made = join(root, 'dist/.made');
  await rm(made, { recursive: true, force: true });
  await mkdir(made, { recursive: true });
  const cli = { main: 'apps/cli/src/main', parts: 'apps/cli/parts', extension: '.js' };
  const programs = Promise.all([
    ...PROGRAMS.map((file) => bundleProgram(root, made, COMPILED, file)),
    ...SCRIPTS.map((file) => bundleProgram(root, made, '', file)),
  ]);
  const command = bundleCli(root, made, cli);
  const services = await Promise.all(
    SERVICES.map(async (app) => /** @type {const} */ ([app, [await bundleService(root, made, app)]])),
  );
  const metafiles = { ...Object.fromEntries(services), command: [await command], programs: await programs };
  await copyApiPage(root, made);
  for (const folder of ['apps', 'libs', 'deploy', 'api-page']) {
    await rm(join(root, 'dist', folder), { recursive: true, force: true });
    await rename(join(made, folder), join(root, 'dist', folder));
  }
  await rm(made, { recursive: true });
  return metafiles;
}
