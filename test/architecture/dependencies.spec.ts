import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const { PRODUCTION } = z
  .object({ PRODUCTION: z.array(z.string()) })
  .parse(createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')));
const names = z.record(z.string(), z.string());
const { dependencies, devDependencies } = z
  .object({ dependencies: names, devDependencies: names })
  .parse(JSON.parse(read('package.json')));

/** The packages that a table of the page has, in its first column: `@a/b, c` is `@a/b` and `@a/c`. */
function packagesOf(table: string): string[] {
  const cells = [...table.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, cell = '']) => cell).slice(2);
  return cells.flatMap((cell) => {
    let scope = '';
    return cell.split(/[,;] /).map((name) => {
      if (name.includes('/')) scope = name.replace(/\/.*/, '/');
      return name.includes('/') || scope === '' || name in devDependencies ? name : scope + name;
    });
  });
}

describe('the packages that Lethe is made of', () => {
  it('are bundled, and not installed where it runs, but for the ones that bring files of their own', () => {
    expect(Object.keys(dependencies)).toEqual(['@electric-sql/pglite']);
    const bundled = PRODUCTION.filter((name) => !(name in dependencies));
    expect(bundled.filter((name) => !(name in devDependencies))).toEqual([]);
  });

  it('are each imported, and each has its reason', () => {
    const page = read('docs/operations/dependencies.md');
    const [table = ''] = /\| package[^]*?\n\n/.exec(page) ?? [];
    const given = packagesOf(table).filter((name) => !name.startsWith('node-') && name !== '@napi-rs/keyring');
    expect(given.toSorted()).toEqual(PRODUCTION.toSorted());
  });
});
