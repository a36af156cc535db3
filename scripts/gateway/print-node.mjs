// Prints the path of the Node.js that the services of the npm package run on (docs/adr/0008). Must run on Node.js 20.
import { createRequire } from 'node:module';
import { findNode } from '../find-node.mjs';

const { resolve } = createRequire(import.meta.url);

/** npm puts a dependency into the package or beside it. */
function locate(file) {
  try {
    return resolve(file);
  } catch {
    return undefined;
  }
}

const choice = findNode(locate);
if ('path' in choice) {
  process.stdout.write(choice.path);
} else {
  console.error(`lethe-gateway: ${choice.problem}`);
  process.exitCode = 1;
}
