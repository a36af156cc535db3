// Builds when dist/ is missing or older than a source file, so that `npm ci && npm start` needs no third command.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'dist', '.built');
const sources = ['apps', 'libs', 'scripts', 'package.json', 'tsconfig.build.json', 'nest-cli.json'];

function newestMs(path) {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

// An image contains dist/ without sources, so there is nothing to compare.
const present = sources.map((name) => join(root, name)).filter((path) => existsSync(path));
const isStale = !existsSync(stamp) || present.some((path) => newestMs(path) > statSync(stamp).mtimeMs);
if (isStale) {
  const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.exit(built.status ?? 1);
}
