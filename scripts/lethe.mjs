#!/usr/bin/env node
// The lethe command from a checkout: builds when needed and runs the CLI on the Node.js of the install.
import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Ends this process with one line if there is no suitable Node.js.
await import('./link-node.mjs');
const node = join(root, 'node_modules', '.bin', 'node');
const run = (args) => spawnSync(node, args, { stdio: 'inherit' });
const built = run([join(root, 'scripts', 'build-if-stale.mjs')]);
if (built.status !== 0) process.exit(built.status ?? 1);
// Ctrl-C reaches the command too, which may have something to take back. The prompt of the shell comes after that.
process.on('SIGINT', () => undefined);
const { status, signal } = run([join(root, 'dist/apps/cli/src/main.js'), ...process.argv.slice(2)]);
process.exit(status ?? 128 + (constants.signals[signal] ?? 0));
