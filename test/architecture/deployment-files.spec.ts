import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SETTINGS_TABLE } from '@lethe/platform';
import { SERVICE_FILES, type TrustService } from '@lethe/sealing';
import { parseCompose, requiredVariables } from '../support/compose.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const text = read('docker-compose.yml');
const given = Object.fromEntries(requiredVariables(text).map((name) => [name, `given-${name}`]));
const services = parseCompose(text, given);
const ours = Object.entries(services).filter(([, service]) => service.image?.startsWith('lethe:'));

describe('docker-compose.yml', () => {
  it('runs the whole of Lethe with two proxies and an upstream', () => {
    expect(Object.keys(services)).toEqual([
      'balancer', 'connector', 'demo-upstream', 'nats', 'postgres', 'proxy-1', 'proxy-2', 'registry', 'trust-init',
    ]); // prettier-ignore
  });

  it('holds no password: each must be given, and nothing starts without', () => {
    expect(requiredVariables(text)).toEqual([
      'DEMO_TOKEN_SHA256',
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
    const known = new Set([...SETTINGS_TABLE.map((row) => row.variable), 'APP', 'DEMO_TOKEN_SHA256']);
    const set = new Set(ours.flatMap(([, { environment }]) => Object.keys(environment)));
    expect([...set].filter((name) => !known.has(name))).toEqual([]);
    for (const [, { environment }] of ours.filter(([name]) => name !== 'trust-init')) {
      expect(read('deploy/image/apps.mjs')).toMatch(new RegExp(`^ {2}'?${environment['APP'] ?? ''}'?: \\{`, 'm'));
    }
  });

  it('opens to this machine only', () => {
    const ports = Object.values(services).flatMap((service) => service.ports);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('lets no core dump and no swap keep what passes through a connector or a proxy', () => {
    const kept = Object.entries(services).filter(([, service]) => service.keepsMemoryToItself);
    expect(kept.map(([name]) => name)).toEqual(['connector', 'proxy-1', 'proxy-2']);
  });

  it('lets no service of ours write to its image', () => {
    expect(ours.filter(([, service]) => !service.readOnly)).toEqual([]);
  });
});

describe('the balancer', () => {
  it("passes on what clients call, and none of a proxy's own endpoints", () => {
    const locations = [...read('deploy/balancer/nginx.conf').matchAll(/^ {4}location (.*) \{\n([^}]*)\}/gm)];
    const passed = locations.filter(([, , body]) => body?.includes('proxy_pass')).map(([, path]) => path);
    expect(passed).toEqual(['/servers/', '/.well-known/']);
    expect(locations.find(([, path]) => path === '/')?.[2]).toContain('return 404;');
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
    const [version] = new Set(Object.values(optionalDependencies));
    expect(read('Dockerfile')).toContain(`node:${version}-slim`);
  });

  it('runs as an ordinary user and has a health check', () => {
    expect(read('Dockerfile')).toMatch(/^USER node$/m);
    expect(read('Dockerfile')).toMatch(/^HEALTHCHECK .*healthcheck\.mjs/m);
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
