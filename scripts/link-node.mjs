// Makes node_modules/.bin/node the Node.js that can run here. Installs run no script (.npmrc), npm 10 does not link it,
// and npm 11 links the one of the install unseen, so every npm script begins with this. Must run on Node.js 20.
import { existsSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode } from './find-node.mjs';

const modules = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules');
const link = join(modules, '.bin', 'node');

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

const locate = (file) => [join(modules, file)].find((path) => existsSync(path));
const choice = findNode(locate);
if ('path' in choice) {
  relink(choice.path.startsWith(modules + sep) ? relative(dirname(link), choice.path) : choice.path);
} else {
  // A link to a binary that cannot run would replace this line by the loader's own error.
  rmSync(link, { force: true });
  console.error(`lethe: ${choice.problem}`);
  process.exit(1);
}
