import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type IConfiguration, type ICruiseOptions } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rules = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as IConfiguration & {
  /** Rooms of each app, from the top floor to the ground. */
  FLOORS: Record<string, string[][]>;
};

/** Imports that break a rule, at least one for each: `[rule, file that imports, what it imports]`. */
const BROKEN: [rule: string, file: string, specifier: string][] = [
  ['contracts-and-mcp-know-nothing', 'libs/mcp/src/a.ts', '@lethe/platform'],
  ['contracts-and-mcp-know-nothing', 'libs/contracts/src/a.ts', '@lethe/sealing'],
  ['contracts-and-mcp-know-nothing', 'libs/mcp/src/d.ts', '@lethe/egress'],
  ['contracts-stand-alone', 'libs/contracts/src/b.ts', '@lethe/mcp'],
  ['second-layer-libs-know-only-contracts-and-mcp', 'libs/sealing/src/a.ts', '@lethe/platform'],
  ['second-layer-libs-know-only-contracts-and-mcp', 'libs/platform/src/a.ts', '@lethe/messaging'],
  ['second-layer-libs-know-only-contracts-and-mcp', 'libs/egress/src/a.ts', '@lethe/platform'],
  ['second-layer-libs-know-only-contracts-and-mcp', 'libs/sealing/src/c.ts', '@lethe/egress'],
  ['oauth-knows-only-what-its-requests-need', 'libs/oauth/src/a.ts', '@lethe/platform'],
  ['messaging-knows-no-persistence', 'libs/messaging/src/a.ts', '@lethe/persistence'],
  ['console-imports-only-what-a-browser-has', 'apps/console/src/app/b.ts', '@lethe/platform'],
  ['libs-import-no-app', 'libs/platform/src/b.ts', '../../../apps/registry/src/registry.app.js'],
  ['apps-import-no-other-app', 'apps/proxy/src/a.ts', '../../registry/src/registry.app.js'],
  ['apps-import-no-other-app', 'apps/demo/src/a.ts', '../../registry/src/registry.app.js'],
  ['apps-import-no-other-app', 'apps/cli/src/a.ts', '../../standalone/src/main.js'],
  ['standalone-hosts-only-the-three-services', 'apps/standalone/src/a.ts', '../../registry/src/gateway.service.js'],
  ['standalone-hosts-only-the-three-services', 'apps/standalone/src/b.ts', '../../demo/src/a.js'],
  ['proxy-has-no-database', 'apps/proxy/src/b.ts', '@lethe/persistence'],
  ['proxy-has-no-database', 'apps/proxy/src/e.ts', '@lethe/embedded'],
  ['proxy-has-no-database', 'apps/proxy/src/c.ts', '@mikro-orm/core'],
  ['proxy-has-no-database', 'apps/proxy/src/d.ts', 'pg'],
  ['proxy-imports-no-nest', 'apps/proxy/src/n.ts', '@nestjs/common'],
  ['proxy-imports-no-nest', 'apps/proxy/src/f.ts', 'rxjs'],
  ['only-the-registry-has-a-database', 'apps/connector/src/a.ts', '@lethe/persistence'],
  ['only-the-registry-has-a-database', 'apps/cli/src/b.ts', 'pg'],
  ['libs-are-entered-by-their-entry-point', 'apps/registry/src/a.ts', '../../../libs/sealing/src/inner.js'],
  ['libs-enter-each-other-by-their-entry-point', 'libs/messaging/src/b.ts', '../../sealing/src/inner.js'],
  ['libs-are-entered-by-their-name', 'apps/registry/src/b.ts', '../../../libs/sealing/src/index.js'],
  ['pure-libs-import-no-nest', 'libs/sealing/src/b.ts', '@nestjs/common'],
  ['pure-libs-import-no-nest', 'libs/egress/src/b.ts', '@nestjs/common'],
  ['pure-libs-import-no-nest', 'libs/oauth/src/b.ts', '@nestjs/common'],
  ['pure-libs-import-no-nest', 'libs/mcp/src/b.ts', 'rxjs'],
  ['pure-libs-do-no-network', 'libs/mcp/src/c.ts', 'node:net'],
  ['pure-libs-do-no-network', 'libs/contracts/src/c.ts', 'node:fs/promises'],
  ['only-messaging-knows-the-bus', 'apps/registry/src/c.ts', '@nats-io/nats-core'],
  ['services-know-no-controllers', 'apps/registry/src/gateway.service.ts', './gateway.controller.js'],
  ['entities-know-no-services', 'apps/registry/src/gateway.entity.ts', './gateway.module.js'],
  ['source-imports-no-tests', 'apps/registry/src/d.ts', './d.spec.js'],
  ['source-imports-no-tests', 'apps/registry/src/h.ts', '@test/support/eventually.js'],
  ['source-imports-production-packages-only', 'apps/registry/src/e.ts', 'vitest'],
  ['no-undeclared-package', 'apps/registry/src/f.ts', 'rolldown'],
  ['no-import-without-target', 'apps/registry/src/g.ts', './nowhere.js'],
  ['no-circles', 'apps/registry/src/circle.ts', './round.js'],
  ['no-circles', 'apps/registry/src/type-circle.ts', './type-round.js'],
];

/** Files that the broken imports reach. */
const PRESENT: Record<string, string> = {
  ...Object.fromEntries(
    ['contracts', 'mcp', 'egress', 'sealing', 'oauth', 'platform', 'messaging', 'embedded', 'persistence'].map(
      (lib) => [`libs/${lib}/src/index.ts`, 'export const entry = 1;\n'],
    ),
  ),
  'libs/sealing/src/inner.ts': 'export const entry = 1;\n',
  'apps/proxy/src/http/fast/a.ts': 'export const entry = 1;\n',
  'apps/registry/src/registry.app.ts': 'export const entry = 1;\n',
  'apps/registry/src/gateway.controller.ts': 'export const entry = 1;\n',
  'apps/registry/src/gateway.module.ts': 'export const entry = 1;\n',
  'apps/registry/src/d.spec.ts': 'export const entry = 1;\n',
  'apps/registry/src/type-round.ts': "export type { entry } from './type-circle.js';\n",
  'test/support/eventually.ts': 'export const entry = 1;\n',
  'apps/registry/src/round.ts': "export { entry } from './circle.js';\n",
  // Allowed ones, as the whole repository is written.
  'apps/standalone/src/main.ts': "export { entry } from '../../registry/src/registry.app.js';\n",
  'apps/proxy/src/proxy.app.ts': "export { entry } from './http/fast/a.js';\n",
  'apps/proxy/src/fine.ts': "export { entry } from '@lethe/messaging';\n",
  'libs/persistence/src/fine.ts': "export { entry } from '@lethe/messaging';\n",
  'libs/sealing/src/fine.ts': "export { entry } from '@lethe/contracts';\n",
  'libs/oauth/src/fine.ts': "export { entry } from '@lethe/sealing';\n",
  'libs/egress/src/fine.ts': "export { entry } from '@lethe/mcp';\n",
};

/**
 * A room and what it may and may not import. In the tree of this test it imports both, in two files, and types only: they
 * count too.
 */
interface Room {
  rule: string;
  /** Folder of the room. */
  folder: string;
  /** Folders that it may not import. */
  forbidden: string[];
  /** Folders that it may import. */
  allowed: string[];
}

const ROOMS: Room[] = Object.entries(rules.FLOORS).flatMap(([app, levels]) => {
  const folderOf = (room: string) => `apps/${app}/src/${room}`;
  return levels.flatMap((level, index) =>
    level.map((room) => {
      const below = levels.slice(index + 1).flat();
      const others = levels.flat().filter((other) => other !== room && !below.includes(other));
      return {
        rule: `${app}-${room.replaceAll('/', '-')}-imports-only-rooms-below`,
        folder: folderOf(room),
        forbidden: [`apps/${app}/src`, ...others.map(folderOf)],
        allowed: below.map(folderOf),
      };
    }),
  );
});
const UNLISTED = Object.keys(rules.FLOORS).map((app) => [`${app}-has-no-room-without-a-floor`, app] as const);

const importTypes = (from: string, folders: string[]): string =>
  folders.map((to) => `export type * from './${relative(from, to)}/target.js';\n`).join('');

function writeRooms(): void {
  for (const app of Object.keys(rules.FLOORS)) write(`apps/${app}/src/target.ts`, 'export const entry = 1;\n');
  for (const { folder, forbidden, allowed } of ROOMS) {
    write(`${folder}/target.ts`, 'export const entry = 1;\n');
    write(`${folder}/upwards.ts`, importTypes(folder, forbidden));
    write(`${folder}/downwards.ts`, importTypes(folder, allowed));
  }
  for (const [, app] of UNLISTED) write(`apps/${app}/src/no-floor/a.ts`, "export * from '@lethe/contracts';\n");
}

let tree: string;
/** `<rule>: <file that imports>`. */
let found: Set<string>;
/** As `found`, with what is imported. */
let imports: Set<string>;

function write(file: string, text: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
}

beforeAll(async () => {
  tree = mkdtempSync(join(tmpdir(), 'lethe-boundaries-'));
  for (const [file, text] of Object.entries(PRESENT)) write(file, text);
  for (const [, file, specifier] of BROKEN) write(file, `export * from '${specifier}';\n`);
  writeRooms();
  for (const name of ['tsconfig.json', 'package.json']) copyFileSync(join(root, name), join(tree, name));
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  const tsConfig = { fileName: join(tree, 'tsconfig.json') };
  const ruleSet = { ...rules, options: { ...rules.options, tsConfig } };
  const options: ICruiseOptions = { ...ruleSet.options, ruleSet, validate: true, baseDir: tree };
  const cruised = await cruise(['apps', 'libs'], options, {}, { tsConfig: extractTSConfig(tsConfig.fileName) });
  if (typeof cruised.output === 'string') throw new Error('expected a result object');
  const { violations } = cruised.output.summary;
  found = new Set(violations.map(({ rule, from }) => `${rule.name}: ${from}`));
  imports = new Set(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`));
}, 60_000);

afterAll(() => {
  rmSync(tree, { recursive: true, force: true });
});

describe('the boundaries between parts', () => {
  it('have a seeded violation for each rule, and a rule for each seeded violation', () => {
    const seeded = new Set([...BROKEN, ...UNLISTED].map(([rule]) => rule).concat(ROOMS.map(({ rule }) => rule)));
    expect(new Set(rules.forbidden?.map((rule) => rule.name))).toEqual(seeded);
  });

  it('stop the build, each of them', () => {
    expect(rules.forbidden?.every((rule) => rule.severity === 'error')).toBe(true);
  });

  for (const [rule, file, specifier] of BROKEN) {
    it(`${rule}: refuses ${file} importing ${specifier}`, () => {
      expect([...found]).toContain(`${rule}: ${file}`);
    });
  }

  for (const { rule, folder, forbidden } of ROOMS) {
    it(`${rule}: refuses each room that is not below ${folder}, and the files beside the rooms`, () => {
      expect([...imports]).toEqual(
        expect.arrayContaining(forbidden.map((to) => `${rule}: ${folder}/upwards.ts -> ${to}/target.ts`)),
      );
    });
  }

  for (const [rule, app] of UNLISTED) {
    it(`${rule}: refuses a folder that has no floor`, () => {
      expect([...found]).toContain(`${rule}: apps/${app}/src/no-floor/a.ts`);
    });
  }

  it('let a room import every room below it', () => {
    expect([...found].filter((line) => line.includes('/downwards.ts'))).toEqual([]);
  });

  it('let pass what the layers allow', () => {
    const fine = Object.keys(PRESENT).filter(
      (file) => /(?:fine|proxy\.app)\.ts$/.test(file) || file.includes('standalone/src/main'),
    );
    expect([...found].filter((line) => fine.some((file) => line.endsWith(file)))).toEqual([]);
  });
});
