import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));

const { FLOORS } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
  FLOORS: Record<string, string[][]>;
};

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

const pages = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

/** The targets of a page's relative links, without anchors. */
function linkedFiles(text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const relative = targets.filter((target) => !/^(?:[a-z]+:|#)/.test(target));
  return relative.map((target) => target.replace(/#.*$/, ''));
}

/** The paths from the root of the repository that a page names in backticks; not those with placeholders or globs. */
function namedPaths(text: string): string[] {
  const named = [...text.matchAll(/`((?:apps|libs|test|docs|scripts|deploy)\/[^`\s]*)`/g)].map(([, path = '']) => path);
  return named.filter((path) => !/[<>*{}…]/.test(path));
}

/** The npm scripts that a page names. */
function namedScripts(text: string): string[] {
  return [...text.matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g)].map(([, script = '']) => script);
}

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');

  it('links only to files that exist', () => {
    const missing = linkedFiles(text).filter((target) => !existsSync(join(root, dirname(page), target)));
    expect(missing).toEqual([]);
  });

  it('names only paths that exist', () => {
    expect(namedPaths(text).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    expect(namedScripts(text).filter((script) => !(script in scripts))).toEqual([]);
  });
});

/** The floors of an app as ARCHITECTURE.md shows them: `<app>  room, room -> room`, over several lines. */
function shownFloors(text: string, app: string): string[][] {
  const picture = new RegExp(String.raw`^${app} +(\S.*(?:\n +->.*)*)`, 'm').exec(text)?.[1] ?? '';
  return picture.split('->').map((floor) => floor.split(',').map((room) => room.trim()));
}

describe('ARCHITECTURE.md', () => {
  it.each(Object.keys(FLOORS))('shows the floors of %s as dependency-cruiser checks them', (app) => {
    expect(shownFloors(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'), app)).toEqual(FLOORS[app]);
  });
});

describe('links and paths of a page', () => {
  it('are found', () => {
    const text =
      '[a](x.md#b) [c](https://d) [e](#f) `libs/mcp` `apps/<app>/src` `npm run -s lethe`, npm run start:proxy';
    expect([linkedFiles(text), namedPaths(text), namedScripts(text)]).toEqual([
      ['x.md'],
      ['libs/mcp'],
      ['lethe', 'start:proxy'],
    ]);
  });
});
