// Builds what of dist/ is missing or older than its sources, so that `npm ci && npm start` needs no third command.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const CONSOLE = join('apps', 'console');
/** The services take a minute, the console two seconds. */
const services = {
  script: 'build.mjs',
  stamp: join(root, 'dist', '.built'),
  sources: ['apps', 'libs', 'scripts', 'package.json', 'tsconfig.build.json', 'nest-cli.json'],
  isOthers: (path) => path === CONSOLE,
};
const page = {
  script: 'build-console.mjs',
  stamp: join(root, 'dist', 'console', 'index.html'),
  sources: [CONSOLE, 'libs/contracts', 'libs/mcp', 'package.json'],
  isOthers: () => false,
};

function newestMs(path, isOthers) {
  if (isOthers(path)) return 0;
  const found = statSync(join(root, path));
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(join(root, path)).map((name) => newestMs(join(path, name), isOthers)));
}

function isStale({ stamp, sources, isOthers }) {
  // An image contains dist/ without sources, so there is nothing to compare.
  const present = sources.filter((path) => existsSync(join(root, path)));
  return !existsSync(stamp) || present.some((path) => newestMs(path, isOthers) > statSync(stamp).mtimeMs);
}

function build({ script }) {
  const built = spawnSync(process.execPath, [join(root, 'scripts', script)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (built.status !== 0) process.exit(built.status ?? 1);
}

if (isStale(services)) build(services);
else if (isStale(page)) build(page);
