// Runs the bundled handshake process until it is ready, which is after its warm-up, and stores the code that V8 compiled:
// exactly what a handshake needs.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';

const DEADLINE_MS = 60_000;
const folder = process.argv[2] ?? '';
const filename = join(folder, 'code.js');
const script = new Script(readFileSync(filename, 'latin1'), { filename });

setTimeout(() => process.exit(1), DEADLINE_MS);
process.argv = [process.execPath, filename, 'slot'];
process.send = () => {
  writeFileSync(join(folder, 'code.cache'), script.createCachedData());
  process.exit(0);
};
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(import.meta.url), module);
