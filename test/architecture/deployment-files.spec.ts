import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SETTINGS_TABLE } from '@lethe/platform';
import { SERVICE_FILES, type TrustService } from '@lethe/sealing';
import { verifies } from '../requirements.js';
import { openNetworks, parseCompose, requiredVariables } from '../support/compose.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const text = read('docker-compose.yml');
const given = Object.fromEntries(requiredVariables(text).map((name) => [name, `given-${name}`]));
const services = parseCompose(text, given);
const ours = Object.entries(services).filter(([, service]) => service.image?.startsWith('lethe:'));

describe('docker-compose.yml', () => {
  it('runs the whole of Lethe with two proxies and an upstream', () => {
    expect(Object.keys(services)).toEqual([
      'backup', 'balancer', 'connector', 'demo-upstream', 'grafana', 'jaeger', 'lethe', 'nats', 'postgres', 'prometheus', 'proxy-1',
      'proxy-2', 'registry', 'trust-init',
    ]); // prettier-ignore
  });

  it('holds no password: each must be given, and nothing starts without', () => {
    expect(requiredVariables(text)).toEqual([
      'NATS_CONNECTOR_PASSWORD',
      'NATS_OPERATOR_PASSWORD',
      'NATS_PROXY_PASSWORD',
      'NATS_REGISTRY_PASSWORD',
      'POSTGRES_PASSWORD',
    ]);
    expect(() => parseCompose(text, { ...given, POSTGRES_PASSWORD: '' })).toThrow(
      'docker-compose.yml needs POSTGRES_PASSWORD',
    );
  });

  it('gives each service its own NATS user and its own trust folder, and the database to the registry only', () => {
    const seen = ours.map(([name, { environment }]) => [
      name,
      environment['NATS_URL']?.replace(/:given-NATS_(\w+)_PASSWORD@/, ' by $1 '),
      environment['LETHE_TRUST'],
      environment['DATABASE_URL'] !== undefined,
    ]);
    expect(seen).toEqual([
      ['connector', 'nats://connector by CONNECTOR nats:4222', '/trust/connector', false],
      ['demo-upstream', undefined, undefined, false],
      ['lethe', undefined, undefined, false],
      ['proxy-1', 'nats://proxy by PROXY nats:4222', '/trust/proxy', false],
      ['proxy-2', 'nats://proxy by PROXY nats:4222', '/trust/proxy', false],
      ['registry', 'nats://registry by REGISTRY nats:4222', '/trust/registry', true],
      ['trust-init', undefined, undefined, false],
    ]);
  });

  it('mounts the trust folder of a service, read-only, into that service only', () => {
    for (const [name, { volumes, environment }] of ours.filter(([name]) => name !== 'trust-init')) {
      const folder = environment['LETHE_TRUST'];
      const mounted = volumes.filter((volume) => volume.includes('trust'));
      expect([name, mounted]).toEqual([name, folder ? [`${folder.slice(1).replace('/', '-')}:${folder}:ro`] : []]);
    }
  });

  it('sets only settings that exist, and picks a service that the image knows', () => {
    const known = new Set([
      ...SETTINGS_TABLE.map((row) => row.variable),
      'APP',
      'DEMO_TOKEN_SHA256',
      'LETHE_URL',
      'XDG_CONFIG_HOME',
    ]);
    const set = new Set(ours.flatMap(([, { environment }]) => Object.keys(environment)));
    expect([...set].filter((name) => !known.has(name))).toEqual([]);
    for (const [, { environment }] of ours.filter(([name]) => !['lethe', 'trust-init'].includes(name))) {
      expect(read('deploy/image/apps.mjs')).toMatch(new RegExp(`^ {2}'?${environment['APP'] ?? ''}'?: \\{`, 'm'));
    }
  });

  it('opens to this machine only', () => {
    const ports = Object.values(services).flatMap((service) => service.ports);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('lets no core dump and no swap keep what passes through a connector, a proxy or the command', () => {
    const kept = Object.entries(services).filter(([, service]) => service.keepsMemoryToItself);
    expect(kept.map(([name]) => name)).toEqual(['connector', 'lethe', 'proxy-1', 'proxy-2']);
  });

  it('lets no service of ours write to its image', () => {
    expect(ours.filter(([, service]) => !service.readOnly)).toEqual([]);
  });
});

/** Whom each service can reach: those with which it shares a network. */
const EDGES: Record<string, string[]> = {
  backup: ['database'],
  balancer: ['clients', 'replicas'],
  connector: ['bus', 'metrics', 'traces', 'upstreams'],
  'demo-upstream': ['upstreams'],
  grafana: ['observers'],
  jaeger: ['observers', 'traces'],
  lethe: ['service:registry'],
  nats: ['bus'],
  postgres: ['database'],
  prometheus: ['metrics', 'observers'],
  'proxy-1': ['bus', 'metrics', 'replicas', 'traces', 'upstreams'],
  'proxy-2': ['bus', 'metrics', 'replicas', 'traces', 'upstreams'],
  registry: ['administrators', 'bus', 'database', 'metrics', 'traces'],
  'trust-init': ['none'],
};

/** What is wrong with how docker-compose.yml runs the services, a line for each fault. */
function composeFaults(file: string): string[] {
  const drainSeconds = Number(/DRAIN_LIMIT_MS = (\d+)_000/.exec(read('apps/proxy/src/proxy.app.ts'))?.[1]);
  const open = openNetworks(file).filter(
    (name) => !['administrators', 'clients', 'observers', 'upstreams'].includes(name),
  );
  const faults = Object.entries(parseCompose(file, given)).flatMap(([name, service]) => [
    ...(isDeepStrictEqual(service.networks, EDGES[name]) ? [] : [`${name} is on ${service.networks.join(', ')}`]),
    ...(service.limitsLog ? [] : [`the log of ${name} has no limit`]),
    ...(service.limitsMemory ? [] : [`the memory of ${name} has no limit`]),
    ...(service.image?.startsWith('lethe:') && service.stopGraceSeconds < drainSeconds + 5
      ? [`${name} is killed after ${service.stopGraceSeconds} s`]
      : []),
  ]);
  return [...faults, ...open.map((name) => `${name} leads outside`)];
}

describe('how the services run', () => {
  it('has edges, limits and time to drain for each of them', () => {
    verifies('deployment.compose-edges');
    expect(composeFaults(text)).toEqual([]);
  });

  it.each([
    [
      'networks: [administrators, bus, database, metrics, traces]',
      'networks: [administrators, bus]',
      'registry is on administrators, bus',
    ],
    ['networks: [bus]', 'networks: [bus, upstreams]', 'nats is on bus, upstreams'],
    ['    networks: [upstreams]\n', '', 'demo-upstream is on default'],
    ['  database:\n    internal: true', '  database:', 'database leads outside'],
    ['stop_grace_period: 25s', 'stop_grace_period: 15s', 'connector is killed after 15 s'],
    ['      max-size: 10m\n', '', 'the log of backup has no limit'],
    ['    mem_limit: 512m\n    security_opt', '    security_opt', 'the memory of postgres has no limit'],
  ])('does not with %j made %j', (right, wrong, fault) => {
    expect(text).toContain(right);
    expect(composeFaults(text.replace(right, wrong))).toContain(fault);
  });

  it('starts the demo upstream, the backup and the command only by their profiles', () => {
    const byProfile = Object.entries(services).filter(([, service]) => service.profiles.length > 0);
    expect(byProfile.map(([name, { profiles }]) => [name, ...profiles])).toEqual([
      ['backup', 'backup'],
      ['demo-upstream', 'demo'],
      ['grafana', 'observe'],
      ['jaeger', 'observe'],
      ['lethe', 'cli'],
      ['prometheus', 'observe'],
    ]);
  });

  it('believes the addresses of callers only from the network of the balancer', () => {
    verifies('http.trusted-proxies');
    const trusted = ['proxy-1', 'proxy-2', 'registry'].map(
      (name) => services[name]?.environment['LETHE_TRUSTED_PROXIES'],
    );
    const [subnet] = /(?<=replicas:[^}]*subnet: '\$\{REPLICAS_SUBNET:-)[\d./]+/.exec(text) ?? [];
    expect(trusted).toEqual([subnet, subnet, undefined]);
    const inside = Object.entries(services).filter(([, { networks }]) => networks.includes('replicas'));
    expect(inside.map(([name]) => name)).toEqual(['balancer', 'proxy-1', 'proxy-2']);
  });

  it('tells registry and proxies the same address of the proxies', () => {
    const told = ['registry', 'proxy-1', 'proxy-2'].map((name) => services[name]?.environment['LETHE_PUBLIC_URL']);
    expect(new Set(told)).toEqual(new Set(['http://localhost:8080']));
  });
});

describe('the dependencies', () => {
  it('each have a line that says why', () => {
    const manifest = JSON.parse(read('package.json')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >;
    const why = read('docs/operations/dependencies.md');
    const short = (name: string): string => name.replace(/^@[^/]+\//, '');
    const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
    expect(names.filter((name) => !why.includes(name) && !why.includes(short(name)))).toEqual([]);
  });
});

describe('the image', () => {
  it('names one Node.js: the one that a checkout installs', () => {
    const { optionalDependencies } = JSON.parse(read('package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    const nodes = Object.entries(optionalDependencies).filter(([name]) =>
      /^node-(?:bin-)?(?:linux|darwin)-/.test(name),
    );
    const [version, ...others] = new Set(nodes.map(([, one]) => one));
    expect(others).toEqual([]);
    expect(read('Dockerfile')).toContain(`node:${version}-slim`);
  });

  it('runs as an ordinary user without core dumps, and has a health check', () => {
    expect(read('Dockerfile')).toMatch(/^USER node$/m);
    expect(read('Dockerfile')).toMatch(/^CMD \["\/bin\/sh", "deploy\/image\/start\.sh"\]$/m);
    expect(read('deploy/image/start.sh')).toMatch(/^ulimit -c 0$[^]*^exec node /m);
    expect(read('Dockerfile')).toMatch(/^HEALTHCHECK .*healthcheck\.mjs/m);
  });
});

describe('a restore with compose', () => {
  it('takes every step of the page on backups, with a script that is in the image', () => {
    verifies('backup.restored');
    const [commands = ''] = /^docker compose stop registry proxy-1[^`]*/m.exec(read('docs/operations/deploy.md')) ?? [];
    const [script = 'none'] = /deploy\/backup\/\S+\.mjs/.exec(read('docs/operations/backup.md')) ?? [];
    for (const step of ['pg_restore', `node ${script}`, 'rm -f /data/routes-*.json']) expect(commands).toContain(step);
    expect(read('Dockerfile')).toContain(`COPY --from=build /lethe/dist/${script} ${script}\n`);
    expect(read('.dockerignore')).toContain(`!${script}\n`);
  });
});

describe('the files of the trust folder', () => {
  const needed = (service: TrustService): string[] =>
    [...SERVICE_FILES[service]].filter((file) => file !== 'trust.json');

  it.each(['registry', 'connector', 'proxy'] as const)('go to %s as its code needs them', (service) => {
    const given = new RegExp(`^give ${service} (.*)$`, 'm').exec(read('deploy/trust/init.sh'))?.[1]?.split(' ');
    expect(given?.toSorted()).toEqual(needed(service).toSorted());
    const rows = [
      ...read('docs/operations/keys.md').matchAll(/^\| `(\w+\.\w+)` +\|[^|]+\|([^|]+)\|([^|]+)\|([^|]+)\|$/gm),
    ];
    const column = ['registry', 'connector', 'proxy'].indexOf(service) + 2;
    const documented = rows.filter((row) => row[column]?.includes('yes')).map(([, file]) => file ?? '');
    expect(documented.toSorted()).toEqual([...SERVICE_FILES[service]].toSorted());
  });
});
