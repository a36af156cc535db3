import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { notesOf } from '../../scripts/packages/changelog.mjs';
import { ALLOWED, licencesOf } from '../../scripts/packages/licences.mjs';
import { productionLock, reachable } from '../../scripts/packages/production-lock.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const Step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
const Job = z.object({
  needs: z.union([z.string(), z.array(z.string())]).default([]),
  permissions: z.record(z.string(), z.string()).default({}),
  'timeout-minutes': z.number(),
  steps: z.array(Step),
});
const Workflow = z.object({
  on: z.object({ push: z.object({ tags: z.array(z.string()) }).strict() }).strict(),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), Job),
});
const { scripts, version } = z
  .object({ scripts: z.record(z.string(), z.string()), version: z.string() })
  .parse(JSON.parse(read('package.json')));
const lock = z
  .object({
    lockfileVersion: z.number(),
    packages: z.record(
      z.string(),
      z.looseObject({
        version: z.string(),
        license: z.string().optional(),
        os: z.unknown().optional(),
        dev: z.boolean().optional(),
      }),
    ),
  })
  .parse(JSON.parse(read('package-lock.json')));
const { PRODUCTION } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
  PRODUCTION: string[];
};
const bundled = Object.fromEntries(PRODUCTION.map((name) => [name, '*']));
const shipped = reachable(lock.packages, { ...lock.packages[''], dependencies: bundled });

describe('the release workflow', () => {
  const { on, permissions, jobs } = Workflow.parse(parse(read('.github/workflows/release.yml')));
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const commands = (name: string): string => (jobs[name]?.steps ?? []).map(({ run = '' }) => run).join('\n');
  /** The jobs that have passed before this one starts. */
  const before = (name: string): string[] => {
    const needed = [jobs[name]?.needs ?? []].flat();
    return [...needed, ...needed.flatMap(before)];
  };

  it('publishes at a tag only, and nothing before .ci/run has passed', () => {
    expect(on.push.tags).toEqual(['v*']);
    expect(commands('test').split('\n')).toContain('.ci/run');
    const others = Object.keys(jobs).filter((name) => name !== 'test');
    expect(others).toEqual(['packages', 'npm', 'image', 'release']);
    expect(others.filter((name) => !before(name).includes('test'))).toEqual([]);
    expect(commands('packages').split('\n')).toEqual(
      expect.arrayContaining(['npm run licences', 'npm run lab:packages']),
    );
  });

  it('names only scripts and files that exist', () => {
    const text = steps.map(({ run = '' }) => run).join('\n');
    const named = [...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    const files = [...text.matchAll(/(?:^|\s)(\.ci\/\S+|scripts\/\S+)/gm)].map(([, file = '']) => file);
    expect(files).toContain('.ci/run');
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('runs no action that its author can change later, and no tag, branch or input as part of a command', () => {
    const actions = steps.flatMap(({ uses }) => uses ?? []);
    expect(actions.filter((action) => !/^(?:actions|docker)\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
    expect(steps.filter(({ run = '' }) => run.includes('${{'))).toEqual([]);
  });

  it('gives each job only the rights that it needs, and stores no password', () => {
    expect(permissions).toEqual({ contents: 'read' });
    expect(Object.entries(jobs).map(([name, job]) => [name, job.permissions])).toEqual([
      ['test', {}],
      ['packages', {}],
      ['npm', { contents: 'read', 'id-token': 'write' }],
      ['image', { contents: 'read', packages: 'write' }],
      ['release', { contents: 'write' }],
    ]);
    expect(read('.github/workflows/release.yml')).not.toContain('secrets.');
  });

  it('publishes the image for both platforms with provenance and SBOM', () => {
    const image = jobs['image']?.steps.find(({ uses }) => uses?.startsWith('docker/build-push-action@'));
    expect(image?.with).toMatchObject({
      platforms: 'linux/amd64,linux/arm64', provenance: 'mode=max', sbom: true, push: true,
    });
    const given = String(image?.with['build-args']).match(/^\w+(?==)/gm);
    const labels = [...read('Dockerfile').matchAll(/opencontainers\.image\.\w+="\$\{(\w+)\}"/g)].map(([, name]) => name);
    expect(given).toEqual(labels);
    expect(commands('image')).toContain('node scripts/image-tags.mjs "$image" "${GITHUB_REF_NAME#v}"');
  }); // prettier-ignore

  it('publishes a package once, as scripts/publish.mjs does, and takes a release up that is there', () => {
    const published = commands('npm').trim().split('\n');
    expect(published).toEqual(
      ['lethe-gateway', 'lethe'].map((name) => `node scripts/publish.mjs "dist/packages/${name}-\${GITHUB_REF_NAME#v}.tgz"`),
    );
    expect(commands('release')).toMatch(/gh release view [^]*\|\|\n\s+gh release create .*--draft/);
    expect(commands('release')).toContain('*-*) kind=--prerelease ;;');
  }); // prettier-ignore
});

describe('the tags of the image', () => {
  it.each([
    ['1.2.3', 'i:1.2.3,i:1.2'],
    ['1.0.0-rc.1', 'i:1.0.0-rc.1'],
    ['1.0.0-1.2', 'i:1.0.0-1.2'],
  ])('of %s are %s', (version, tags) => {
    const { stdout } = spawnSync(process.execPath, [join(root, 'scripts/image-tags.mjs'), 'i', version], { encoding: 'utf8' });
    expect(stdout.trim()).toBe(tags);
  }); // prettier-ignore
});

describe('the image for several platforms', () => {
  it('is built on the platform that builds, but for the compiled code of services and handshake process', () => {
    const stages = read('Dockerfile')
      .split(/^FROM /m)
      .slice(1);
    expect(stages.map((stage) => stage.startsWith('--platform=$BUILDPLATFORM '))).toEqual([true, true, false]);
    expect(stages[2]).toMatch(/^RUN node scripts\/warm-up-child\.mjs dist\/handshake-child /m);
    expect(stages[2]).toMatch(
      /^RUN .* && rm -f dist\/apps\/\*\/src\/main\.cjs\.\* && node scripts\/services\/warm-up\.mjs dist$/m,
    );
  });

  it('can be: no dependency is for one platform only, but for optional ones, which it leaves out', () => {
    const some = shipped.filter((key) => lock.packages[key]?.os !== undefined);
    const optional = /^node_modules\/(?:node-(?:bin-)?(?:linux|darwin)-|@napi-rs\/keyring-)/;
    expect(some.filter((key) => !optional.test(key))).toEqual([]);
    expect(some.filter((key) => key.startsWith('node_modules/node-'))).toHaveLength(4);
    expect(read('Dockerfile')).toContain('npm ci --omit=dev --omit=optional');
  });
});

describe('the licences of what Lethe ships', () => {
  const refusedOf = (packages: typeof lock.packages, keys: string[]): string[] =>
    licencesOf(packages, keys).flatMap(({ name, license }) => (ALLOWED.includes(license) ? [] : [name]));

  it('are all on the list of those that allow it', () => {
    expect(shipped.length).toBeGreaterThan(200);
    expect(refusedOf(lock.packages, shipped)).toEqual([]);
  });

  it('are refused where one is not on the list, or unknown', () => {
    const packages = {
      'node_modules/a': { version: '1.0.0', license: 'GPL-3.0-only', os: undefined },
      'node_modules/b/node_modules/@c/d': { version: '1.0.0', os: undefined },
    };
    expect(refusedOf(packages, Object.keys(packages))).toEqual(['@c/d', 'a']);
  });
});

describe('the lock file of a package', () => {
  const packages = {
    '': { dependencies: { a: '1.0.0' }, devDependencies: { tool: '1.0.0' } },
    'node_modules/a': { version: '1.0.0', dependencies: { shared: '^2.0.0' }, peerDependencies: { peer: '*' } },
    'node_modules/a/node_modules/shared': { version: '2.0.0', optionalDependencies: { deep: '*', absent: '*' } },
    'node_modules/deep': { version: '1.0.0', devOptional: true },
    'node_modules/peer': { version: '1.0.0', peerDependencies: { tool: '*' }, peerDependenciesMeta: { tool: { optional: true } } },
    'node_modules/shared': { version: '1.0.0', dev: true },
    'node_modules/tool': { version: '1.0.0', dev: true, dependencies: { shared: '^1.0.0' } },
  }; // prettier-ignore

  it('has what the package imports, where Node.js finds it, and nothing that only development needs', () => {
    const locked = productionLock({ lockfileVersion: 3, packages }, { name: 'x', version: '1.0.0', dependencies: { a: '1.0.0' } });
    expect(locked).toMatchObject({ name: 'x', lockfileVersion: 3, packages: { 'node_modules/deep': { version: '1.0.0' } } });
    expect(reachable(packages, packages[''])).toEqual([
      'node_modules/a', 'node_modules/a/node_modules/shared', 'node_modules/deep', 'node_modules/peer',
    ]);
    expect(JSON.stringify(locked)).not.toMatch(/"dev(?:Optional)?":/);
  }); // prettier-ignore
});

/** Where the version is written, and how. */
const VERSIONED: Record<string, (text: string) => string[]> = {
  'apps/cli/src/version.ts': (text) => text.match(/(?<=VERSION = ')[^']+/g) ?? [],
  'apps/connector/src/handshake/eras/upstream-connection.ts': (text) => text.match(/(?<=version: ')\d[^']+/g) ?? [],
  'deploy/helm/lethe/Chart.yaml': (text) => text.match(/(?<=^(?:v|appV)ersion: ).+/gm) ?? [],
  'docker-compose.yml': (text) => text.match(/(?<=image: lethe:).+/g) ?? [],
  'docs/operations/kubernetes.md': (text) => text.match(/(?<=\/lethe:)\d[\w.-]+/g) ?? [],
  'libs/platform/src/version.ts': (text) => text.match(/(?<=VERSION = ')[^']+/g) ?? [],
};

describe('the version', () => {
  it.each(Object.entries(VERSIONED))(
    'in %s is that of the project, and the page on releases names it',
    (file, found) => {
      expect(new Set(found(read(file)))).toEqual(new Set([version]));
      expect(read('docs/operations/install.md').replaceAll(/\s+/g, ' ')).toContain(`\`${file}\``);
    },
  );
});

describe('CHANGELOG.md', () => {
  it('has notes of the version of the project', () => {
    expect(notesOf(read('CHANGELOG.md'), version)).toContain('### Added');
  });

  it('gives the notes of one version, and none where they are missing', () => {
    const changelog = '# Changelog\n\n## Unreleased\n\n## [1.1.0] - 2026-01-02\n\n### Fixed\n\n- a\n\n## [1.0.0] - 2026-01-01\n\n- b\n';
    expect(['1.1.0', '1.0.0', '0.9.0'].map((version) => notesOf(changelog, version))).toEqual([
      '### Fixed\n\n- a', '- b', undefined,
    ]);
    expect(notesOf('## [1.0.0] - 2026-01-01\n\n## Older\n', '1.0.0')).toBeUndefined();
  }); // prettier-ignore
});
