// Makes the Secrets with the trust keys and the first administrator's token where they don't exist yet. Nothing is ever
// overwritten. Runs as a Job of the Helm chart, with a service account that may create Secrets and read those named here:
//   node deploy/trust/kubernetes.mjs <API server> <folder of the service account> <service>=<name of its Secret>...
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The registry's Secret is made last: without it no registry has ever used the keys of the others. */
const SERVICES = ['connector', 'proxy', 'registry'];
/** Whether a Secret exists is all that is asked, so the answer has no data. */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const TIMEOUT_MS = 10_000;

const [server = '', account = '', ...named] = process.argv.slice(2);
const names = Object.fromEntries(named.map((pair) => pair.split('=')));
const namespace = readFileSync(join(account, 'namespace'), 'utf8').trim();
const authorization = `Bearer ${readFileSync(join(account, 'token'), 'utf8').trim()}`;

async function ask(method, path, expected, body) {
  const response = await fetch(`${server}/api/v1/namespaces/${namespace}/secrets${path}`, {
    method,
    // Between two requests keys are made, longer than some servers keep a connection.
    headers: {
      authorization,
      accept: METADATA_ONLY,
      connection: 'close',
      ...(body && { 'content-type': 'application/json' }),
    },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.arrayBuffer();
  if (!expected.includes(response.status))
    fail(`${method} ${path || 'a new Secret'}: the API server said ${response.status}`);
  return response.status;
}

const exists = async (name) => (await ask('GET', `/${name}`, [200, 404])) === 200;

async function create(name, files) {
  const labels = { 'app.kubernetes.io/name': 'lethe', 'app.kubernetes.io/component': 'keys' };
  const data = Object.fromEntries(
    Object.entries(files).map(([file, text]) => [file, Buffer.from(text).toString('base64')]),
  );
  await ask('POST', '', [201], { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels }, type: 'Opaque', data });
  console.log(`made ${name}`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

async function makeTrust() {
  const found = await Promise.all(SERVICES.map((service) => exists(names[service])));
  const there = SERVICES.filter((_service, index) => found[index]).map((service) => names[service]);
  if (there.length === SERVICES.length) return console.log(`kept ${there.join(', ')}`);
  if (there.length > 0) {
    fail(
      `${there.join(', ')}: there, but not the others, and keys belong together. ` +
        (there.includes(names.registry)
          ? 'Restore the others from the backup.'
          : 'No registry has used them: delete them and try again.'),
    );
  }
  await makeAdminToken();
  const root = mkdtempSync(join(tmpdir(), 'trust-'));
  for (const folder of ['all', ...SERVICES]) mkdirSync(join(root, folder));
  const env = { ...process.env, TRUST_ROOT: root };
  execFileSync('/bin/sh', ['deploy/trust/init.sh'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  for (const service of SERVICES) {
    const files = readdirSync(join(root, service));
    await create(
      names[service],
      Object.fromEntries(files.map((file) => [file, readFileSync(join(root, service, file), 'utf8')])),
    );
  }
  rmSync(root, { recursive: true });
}

/** Together with the keys and never later: then there is an administrator, and another token would be nobody's. */
async function makeAdminToken() {
  if (await exists(names.admin)) return console.log(`kept ${names.admin}`);
  const token = execFileSync(process.execPath, ['dist/apps/cli/src/main.js', 'trust', 'admin-token'], {
    encoding: 'utf8',
  });
  await create(names.admin, { 'admin-token': token.trim() });
}

await makeTrust();
