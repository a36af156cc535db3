// Starts each bundled service and stores the code that V8 compiled for that: `node scripts/services/warm-up.mjs <dist>`.
// The loader takes it only on the Node.js that made it, so an image does this again on its own.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, watch, writeFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Script } from 'node:vm';

const SERVICES = ['standalone', 'registry', 'connector', 'proxy'];
const DEADLINE_MS = 120_000;

/** In a process of its own, with the V8 options of a service. */
function warmUp(dist, app) {
  const home = mkdtempSync(join(tmpdir(), 'lethe-warm-up-'));
  const run = (args, env) =>
    spawnSync(process.execPath, args, { env, cwd: home, stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    const env = { PATH: process.env.PATH, LETHE_HOME: home };
    const trust = join(home, 'trust-of-services');
    const isAlone = app !== 'standalone';
    if (isAlone) run([join(dist, 'apps/cli/src/main.js'), 'trust', 'init', trust], env);
    const { status } = run([fileURLToPath(import.meta.url), dist, app], {
      ...env,
      ...(isAlone && { LETHE_TRUST: trust }),
    });
    if (status !== 0) throw new Error(`The warm-up of ${app} failed`);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** What a service alone asks for first is the database or the bus: by then, its modules are there and its parts are wired. */
async function asksForOthers() {
  const others = createServer();
  const asked = new Promise((done) => others.once('connection', done));
  await new Promise((done) => others.listen(0, '127.0.0.1', done));
  const { port } = others.address();
  process.env.NATS_URL = `nats://127.0.0.1:${port}`;
  process.env.DATABASE_URL = `postgres://warm-up@127.0.0.1:${port}/warm-up`;
  return { asked };
}

function writesRuntimeFile(home) {
  const file = join(home, 'runtime.json');
  return new Promise((done) => watch(home, () => existsSync(file) && done()));
}

async function store(dist, app) {
  setTimeout(() => process.exit(1), DEADLINE_MS);
  Object.assign(process.env, {
    HOST: '127.0.0.1',
    REGISTRY_PORT: '0',
    PROXY_PORT: '0',
    CONNECTOR_PORT: '0',
    DOOR_PORT: '0',
  });
  const { asked } = app === 'standalone' ? { asked: writesRuntimeFile(process.env.LETHE_HOME) } : await asksForOthers();
  const filename = resolve(dist, 'apps', app, 'src/main.cjs');
  // Its path would be stored with the code.
  const script = new Script(readFileSync(filename, 'latin1'), { filename: 'main.cjs' });
  const module = { exports: {} };
  const url = pathToFileURL(filename);
  script.runInThisContext()(createRequire(url), module, module.exports, url.href);
  await asked;
  const cache = `${filename}.${process.version}-${process.arch}`;
  writeFileSync(cache, script.createCachedData());
  process.exit(0);
}

const [dist = '', app] = process.argv.slice(2);
if (app === undefined) for (const each of SERVICES) warmUp(resolve(dist), each);
else await store(dist, app);
