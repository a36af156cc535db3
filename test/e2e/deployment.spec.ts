import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { type ComposeService, readCompose } from '../support/compose.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { demoUpstreamUrl, expectDemoPath } from '../support/demo-path.js';
import { natsConfiguration, natsPasswords, NATS_USERS, passwordVariable } from '../support/nats-users.js';
import { type NatsServer, startNatsServer } from '../support/nats-server.js';
import { makeHome, removeHome, ROOT, runtimeOf, type ServiceProcess, startEntry } from '../support/processes.js';
import { realPartsAvailable } from '../support/real-parts.js';

const TOKEN = `tok_${randomBytes(24).toString('base64url')}`;
const OWN_TRUST = {
  registry: ['registry.sign', 'rows.mac'],
  connector: ['connector.sign'],
  proxy: ['callers.mac', 'session.ring', 'proxy.kept'],
};

/** docker-compose.yml without an engine: the image's start script, the file's environment, the deployed NATS users. */
describe.runIf(realPartsAvailable())('the compose deployment', () => {
  const passwords = natsPasswords();
  const started: ServiceProcess[] = [];
  let home: string;
  let database: TestDatabase;
  let nats: NatsServer;
  let services: Record<string, ComposeService>;

  beforeAll(async () => {
    home = await makeHome();
    [database, nats] = await Promise.all([
      startTestDatabase('postgres'),
      startNatsServer({ config: await natsConfiguration(passwords) }),
    ]);
    services = await readCompose({
      ...Object.fromEntries(NATS_USERS.map((user) => [passwordVariable(user), passwords[user]])),
      POSTGRES_PASSWORD: 'unused: this server trusts',
      DEMO_TOKEN_SHA256: `registration:${createHash('sha256').update(TOKEN).digest('hex')}`,
      LETHE_ALLOWED_UPSTREAMS: '127.0.0.1',
      LETHE_PUBLIC_URL: 'http://localhost:8080',
    });
    for (const folder of ['all', ...Object.keys(OWN_TRUST)])
      mkdirSync(join(home, 'trust', folder), { recursive: true });
    const env = { PATH: process.env['PATH'], TRUST_ROOT: join(home, 'trust') };
    execFileSync('/bin/sh', ['deploy/trust/init.sh'], { cwd: ROOT, env, stdio: 'pipe' });
  });

  afterAll(async () => {
    await Promise.all(started.map((process) => process.stop()));
    await nats?.stop();
    await database?.close();
    await removeHome(home);
  });

  /** As compose would: only names of machines, folders and ports differ. */
  function start(name: string): ServiceProcess {
    const environment = services[name]?.environment ?? {};
    const here = Object.entries(environment).map(([variable, value]) => [
      variable,
      value
        .replace('@nats:4222', `@${new URL(nats.url).host}`)
        .replace(/^postgres:.*/, database.url)
        .replace(/^\/trust/, join(home, 'trust')),
    ]);
    const ports = { REGISTRY_PORT: '0', PROXY_PORT: '0', CONNECTOR_PORT: '0', DEMO_UPSTREAM_PORT: '0' };
    const dataHome = join(home, name);
    mkdirSync(dataHome, { recursive: true });
    const process = startEntry('deploy/image/start.mjs', dataHome, {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      ...ports,
      ...Object.fromEntries(here),
    });
    started.push(process);
    return process;
  }

  it('hands each service its own keys and no others', () => {
    verifies('deployment.compose');
    for (const [service, files] of Object.entries(OWN_TRUST)) {
      expect(readdirSync(join(home, 'trust', service)).sort()).toEqual([...files, 'trust.json'].sort());
    }
  });

  it('registers the demo upstream once and serves a call through the balanced proxies', async () => {
    verifies('deployment.compose');
    const urlOf = async (name: string, app: string) =>
      (await runtimeOf<{ url: string }>(start(name), join(home, name, `runtime-${app}.json`))).url;
    const registryUrl = await urlOf('registry', 'registry');
    const [, one, two, upstream] = await Promise.all([
      urlOf('connector', 'connector'),
      urlOf('proxy-1', 'proxy'),
      urlOf('proxy-2', 'proxy'),
      demoUpstreamUrl(start('demo-upstream')),
    ]);
    const adminToken = (await readFile(join(home, 'registry', 'admin-token'), 'utf8')).trim();
    await expectDemoPath({ registries: [registryUrl], proxies: [one, two], adminToken, upstream, token: TOKEN });
  });
});
