// Runs the bundled handshake process until it is warmed up, and stores the code that V8 compiled: exactly what a handshake needs.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';

const DEADLINE_MS = 60_000;
const folder = process.argv[2] ?? '';
const require = createRequire(import.meta.url);
const scripts = new Map();

function load(name) {
  const filename = join(folder, `${name}.js`);
  // Its path would be stored with the code.
  const script = new Script(readFileSync(filename, 'latin1'), { filename: `${name}.js` });
  scripts.set(name, script);
  const module = { exports: {} };
  script.runInThisContext()(
    module.exports,
    (id) => (id === './handshake.js' ? load('handshake') : require(id)),
    module,
  );
  return module.exports;
}

setTimeout(() => process.exit(1), DEADLINE_MS);
process.argv = [process.execPath, join(folder, 'main.cjs'), 'slot'];
process.send = ({ kind }) => {
  if (kind === 'ready') process.emit('message', { kind: 'warm' });
  if (kind !== 'warmed') return;
  for (const [name, script] of scripts) writeFileSync(join(folder, `${name}.cache`), script.createCachedData());
  // A warm-up that failed before it loaded anything compiled nothing.
  process.exit(scripts.has('handshake') ? 0 : 1);
};
load('code');
