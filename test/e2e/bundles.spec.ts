import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtFrom } from '../../scripts/packages/bundled-packages.mjs';
import { verifies } from '../requirements.js';
import { makeHome, removeHome, ROOT, runtimeOf, startCommand } from '../support/processes.js';

const SERVICES = ['connector', 'proxy', 'registry', 'standalone'];
const DATABASE = /^node_modules\/(?:@mikro-orm\/|@electric-sql\/|kysely|pg$)/;
const OPEN_API = /^node_modules\/(?:@nestjs\/swagger|swagger-ui-dist|es-toolkit|js-yaml|yaml)$/;

const partOf = (name: string): string[] => builtFrom(ROOT, (part) => part === name);
const sourceOf = (app: string): string => join(ROOT, 'dist/apps', app, 'src');

/** What V8 says of the stored code of a service, in a process like the service's. */
function accepts(app: string): string {
  const [stored = ''] = readdirSync(sourceOf(app)).filter((file) => file.startsWith('main.cjs.'));
  const program = `
    const [text, cachedData] = [fs.readFileSync('main.cjs', 'latin1'), fs.readFileSync(${JSON.stringify(stored)})];
    console.log(new vm.Script(text, { filename: 'main.cjs', cachedData }).cachedDataRejected);`;
  return spawnSync(process.execPath, ['-e', program], { cwd: sourceOf(app), encoding: 'utf8' }).stdout.trim();
}

describe('what the services are bundled from', () => {
  it('proxy and connector have no database and no OpenAPI, and no service has a compiler', () => {
    verifies('deployment.bundled');
    expect(partOf('registry').some((key) => DATABASE.test(key))).toBe(true);
    expect(partOf('registry').some((key) => OPEN_API.test(key))).toBe(true);
    for (const name of ['proxy', 'connector'])
      expect(partOf(name).filter((key) => DATABASE.test(key) || OPEN_API.test(key))).toEqual([]);
    expect(builtFrom(ROOT).filter((key) => /\/(?:typescript|esbuild|vite|libphonenumber-js)$/.test(key))).toEqual([]);
  });
});

describe('the compiled code of a service', () => {
  it.each(SERVICES)('is there for %s, and this Node.js takes it', (app) => {
    expect(accepts(app)).toBe('false');
  });

  it('is ignored without a word if it is damaged, or of another text', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lethe-code-'));
    try {
      const [stored = ''] = readdirSync(sourceOf('proxy')).filter((file) => file.startsWith('main.cjs.'));
      writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
      cpSync(join(ROOT, 'scripts/services/service-loader.mjs'), join(folder, 'main.js'));
      writeFileSync(join(folder, 'main.cjs'), "(function (require) { console.log('ran', typeof require('node:fs').rmSync); })");
      const foreign = readFileSync(join(sourceOf('proxy'), stored));
      for (const content of [foreign, foreign.subarray(0, 1_000), Buffer.from('no code'), Buffer.alloc(0)]) {
        writeFileSync(join(folder, stored), content);
        const { status, stdout, stderr } = spawnSync(process.execPath, ['main.js'], { cwd: folder, encoding: 'utf8' });
        expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'ran function\n', stderr: '' });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }); // prettier-ignore
});

/** Starts the standalone of a folder, and gives the body of each path that is asked of its registry. */
async function bodiesOf(folder: string, paths: (page: string) => string[]): Promise<Map<string, string>> {
  const ports = { REGISTRY_PORT: '0', PROXY_PORT: '0', DOOR_PORT: '0' };
  const command = [process.execPath, join(folder, 'dist/apps/standalone/src/main.js')];
  const lethe = startCommand(command, folder, ports, { name: 'standalone', cwd: folder });
  try {
    const { registryUrl } = await runtimeOf<{ registryUrl: string }>(lethe, join(folder, 'runtime.json'));
    const bodyOf = async (path: string): Promise<string> => (await fetch(registryUrl + path)).text();
    const bodies = new Map<string, string>();
    for (const path of paths(await bodyOf('/docs/'))) bodies.set(path, await bodyOf(path));
    return bodies;
  } finally {
    await lethe.stop();
  }
}

/** What of the API is served as a file, and the files that its page loads. */
function pathsOf(page: string): string[] {
  const files = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, file = '']) => `/docs/${file}`);
  return ['/openapi.json', '/docs', '/docs/', ...files];
}

describe('a copy of dist with the packages that are not bundled', () => {
  let folder: string;
  let compiled: string;

  beforeAll(async () => {
    [folder, compiled] = [await makeHome(), await makeHome()];
    const copy = (from: string, to: string): void => cpSync(join(ROOT, 'dist', from), to, { recursive: true });
    for (const part of ['apps', 'libs', 'api-page', 'console', 'handshake-child'])
      copy(part, join(folder, 'dist', part));
    copy('compiled', join(compiled, 'dist'));
    copy('handshake-child', join(compiled, 'dist/handshake-child'));
    for (const root of [folder, compiled]) writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
    mkdirSync(join(folder, 'node_modules/@electric-sql'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules/@electric-sql/pglite'), join(folder, 'node_modules/@electric-sql/pglite'));
    symlinkSync(join(ROOT, 'node_modules'), join(compiled, 'node_modules'));
  });
  afterAll(async () => {
    await removeHome(folder);
    await removeHome(compiled);
  });

  it('starts, and serves the same OpenAPI document and page as the files that it is bundled from', { timeout: 180_000 }, async () => {
    verifies('deployment.bundled');
    const bundled = await bodiesOf(folder, pathsOf);
    const expected = await bodiesOf(compiled, pathsOf);
    expect([...bundled.keys()]).toEqual([...expected.keys()]);
    expect(bundled.size).toBeGreaterThan(8);
    const other = [...bundled].filter(([path, body]) => body !== expected.get(path)).map(([path]) => path);
    expect(other).toEqual([]);
    expect(JSON.parse(bundled.get('/openapi.json') ?? '')).toMatchObject({ openapi: '3.1.0' });
  }); // prettier-ignore

  it('has the command, and services that name the setting they lack', () => {
    const run = (file: string, ...args: string[]) =>
      spawnSync(process.execPath, [join(folder, 'dist/apps', file), ...args], { cwd: folder, encoding: 'utf8', env: {} });
    expect(run('cli/src/main.js', '--version')).toMatchObject({ status: 0, stderr: '' });
    for (const app of ['proxy', 'connector', 'registry'])
      expect(run(`${app}/src/main.js`)).toMatchObject({ status: 1, stderr: expect.stringContaining('NATS_URL') });
  }); // prettier-ignore
});
