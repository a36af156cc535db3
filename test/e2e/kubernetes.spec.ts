import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { verifies } from '../requirements.js';
import { startTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { demoUpstreamUrl, expectDemoPath } from '../support/demo-path.js';
import { objectOf, type PodTemplate, renderedObjects } from '../support/kubernetes/objects.js';
import { startPod } from '../support/kubernetes/pod-process.js';
import { type SecretFiles, startSecretsApi } from '../support/kubernetes/secrets-api.js';
import { natsConfiguration, natsPasswords, type NatsUser } from '../support/nats-users.js';
import { type NatsCluster, startNatsCluster } from '../support/nats-cluster.js';
import { makeHome, removeHome, ROOT, runtimeOf, type ServiceProcess, startEntry, until } from '../support/processes.js';
import { realPartsAvailable } from '../support/real-parts.js';

const TOKEN = `tok_${randomBytes(24).toString('base64url')}`;
const OWN_KEYS = {
  'lethe-trust-registry': ['registry.sign', 'rows.mac', 'trust.json'],
  'lethe-trust-connector': ['connector.sign', 'trust.json'],
  'lethe-trust-proxy': ['callers.mac', 'proxy.kept', 'session.ring', 'trust.json'],
  'lethe-admin': ['admin-token'],
};

/** What the commands of docs/operations/kubernetes.md give to NATS' own chart: limits by values, users by an included file. */
async function clusterConfiguration(passwords: Record<NatsUser, string>): Promise<string> {
  const values = parse(readFileSync(join(ROOT, 'deploy/nats/cluster-values.yaml'), 'utf8')) as {
    config: { merge: Record<string, string | number> };
  };
  const { $include: included, ...limits } = values.config.merge;
  expect(included).toBe('users.conf');
  const users = (await natsConfiguration(passwords)).replace(/^[^]*?(?=^responses:)/m, '');
  return `${Object.entries(limits)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')}${users}`;
}

/** The rendered chart without Kubernetes: commands, variables and files as its objects say, the deployed NATS users. */
describe.runIf(realPartsAvailable())('the Helm chart', () => {
  const objects = renderedObjects('minimal');
  const passwords = natsPasswords();
  const started: ServiceProcess[] = [];
  let home: string;
  let database: TestDatabase;
  let nats: NatsCluster;
  let api: Awaited<ReturnType<typeof startSecretsApi>>;

  beforeAll(async () => {
    home = await makeHome();
    [database, nats, api] = await Promise.all([
      startTestDatabase('postgres'),
      startNatsCluster(3, await clusterConfiguration(passwords)),
      startSecretsApi('lethe'),
    ]);
  });

  afterAll(async () => {
    await Promise.all(started.map((process) => process.stop()));
    await nats?.stop();
    await database?.close();
    await api?.close();
    await removeHome(home);
  });

  const templateOf = (kind: string, name: string): PodTemplate => objectOf(objects, kind, name).spec!.template!;

  async function copiesOfEvents(): Promise<number> {
    const user = { user: 'operator', pass: passwords.operator };
    const operator = await connect({ servers: nats.url.split(','), ...user });
    const { config } = await (await jetstreamManager(operator, { checkAPI: false })).streams.info('lethe-events');
    await operator.close();
    return config.num_replicas;
  }

  /** Runs the Job for the keys, as its pod would. */
  async function runKeysJob(): Promise<string> {
    const { metadata, spec } = structuredClone(templateOf('Job', '-keys'));
    const [container] = spec.containers;
    container!.args = container!.args!.map((arg) => arg.replace('https://kubernetes.default.svc', api.url));
    spec.volumes!.push({ name: 'account', secret: { secretName: 'account' } });
    spec.volumes = spec.volumes!.filter((volume) => !volume.projected);
    const folder = join(home, `keys-${randomBytes(4).toString('hex')}`);
    mkdirSync(folder);
    const job = startPod({ metadata, spec }, folder, {
      secrets: new Map([['account', api.account]]),
      env: { NODE_EXTRA_CA_CERTS: '' },
    });
    await until('the end of the Job', () => job.hasExited() || undefined);
    return job.log();
  }

  /** Starts a replica, and waits until its probes succeed. */
  async function startReplica(component: 'registry' | 'connector' | 'proxy', name: string): Promise<string> {
    const { spec, metadata } = templateOf('Deployment', `-${component}`);
    const folder = join(home, name);
    mkdirSync(folder);
    const process = startPod({ spec, metadata }, folder, {
      secrets: api.secrets,
      env: { HOST: '127.0.0.1', [`${component.toUpperCase()}_PORT`]: '0', LETHE_ALLOWED_UPSTREAMS: '127.0.0.1' },
    });
    started.push(process);
    const { url } = await runtimeOf<{ url: string }>(process, join(folder, 'data', `runtime-${component}.json`));
    const { startupProbe, readinessProbe, livenessProbe } = spec.containers[0]!;
    for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
      const { path = '' } = probe?.httpGet ?? {};
      await until(`${path} of ${name}`, async () => (await fetch(`${url}${path}`)).ok || undefined);
    }
    return url;
  }

  it('makes the keys once, each service’s in a Secret of its own, and never overwrites one', async () => {
    verifies('deployment.kubernetes-keys');
    expect(await runKeysJob()).toBe(
      'made lethe-admin\nmade lethe-trust-connector\nmade lethe-trust-proxy\nmade lethe-trust-registry\n',
    );
    expect(Object.fromEntries([...api.secrets].map(([name, files]) => [name, Object.keys(files).sort()]))).toEqual(
      OWN_KEYS,
    );
    const made = new Map(api.secrets);
    expect(await runKeysJob()).toBe('kept lethe-trust-connector, lethe-trust-proxy, lethe-trust-registry\n');
    const connector = made.get('lethe-trust-connector')!;
    api.secrets.delete('lethe-trust-connector');
    expect(await runKeysJob()).toContain('Restore the others from the backup');
    expect(api.secrets.has('lethe-trust-connector')).toBe(false);
    api.secrets.set('lethe-trust-connector', connector);
    expect(new Map(api.secrets)).toEqual(made);
  });

  it('registers the demo upstream once and serves calls, with two replicas of each service that start at once', async () => {
    verifies('deployment.kubernetes');
    const natsUrl = (user: NatsUser) => nats.url.replaceAll('//', `//${user}:${passwords[user]}@`);
    const given: [string, SecretFiles][] = [
      ['lethe-registry', { DATABASE_URL: database.url, NATS_URL: natsUrl('registry') }],
      ['lethe-connector', { NATS_URL: natsUrl('connector') }],
      ['lethe-proxy', { NATS_URL: natsUrl('proxy') }],
    ];
    for (const [name, values] of given) api.secrets.set(name, values);
    const upstream = startEntry('deploy/image/start.mjs', home, {
      APP: 'demo-upstream',
      DEMO_UPSTREAM_PORT: '0',
      DEMO_TOKEN_SHA256: `registration:${createHash('sha256').update(TOKEN).digest('hex')}`,
    });
    started.push(upstream);
    // A cluster starts them in no order.
    const components = ['proxy', 'connector', 'registry'] as const;
    const [one, two, , , ...registries] = await Promise.all(
      components.flatMap((component) => [1, 2].map((number) => startReplica(component, `${component}-${number}`))),
    );
    await expectDemoPath({
      registries,
      proxies: [one!, two!],
      adminToken: api.secrets.get('lethe-admin')!['admin-token']!,
      upstream: await demoUpstreamUrl(upstream),
      token: TOKEN,
    });
    await eventually(async () => expect(await copiesOfEvents()).toBe(3), 20_000);
  });

  it('writes the administrator’s token nowhere, and starts without its Secret once there is one', async () => {
    api.secrets.delete('lethe-admin');
    await runKeysJob();
    expect(api.secrets.has('lethe-admin')).toBe(false);
    await startReplica('registry', 'registry-3');
    for (const name of ['registry-1', 'registry-2', 'registry-3']) {
      expect(readdirSync(join(home, name, 'data'))).toEqual(['runtime-registry.json']);
    }
  });

  it.runIf(existsSync('/proc/self/coredump_filter'))('lets no core dump keep what a service has in memory', () => {
    for (const { pid } of started.filter(({ name }) => name !== 'service')) {
      expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/^Max core file size +0 /m);
      expect(Number.parseInt(readFileSync(`/proc/${pid}/coredump_filter`, 'utf8'), 16)).toBe(0);
    }
  });
});
