import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every suffix says what a file is to Nest or to the bus; a plain `x.ts` is a pure part or an adapter. */
const SUFFIXES = [
  'app', 'controller', 'service', 'entity', 'dto', 'view', 'event', 'request', 'responder', 'handler',
  'job', 'config', 'error', 'filter', 'module', 'guard', 'interceptor', 'spec', 'route', 'era',
]; // prettier-ignore

/** Names that say nothing, as whole words of a file's name. */
const EMPTY_WORDS = ['impl', 'base', 'manager', 'helper', 'helpers', 'util', 'utils', 'common', 'misc'];

const files = ['apps', 'libs']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((f) => join(folder, f)),
  )
  .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'));
const sources = files.filter((file) => !file.endsWith('.spec.ts') && !file.includes('/migrations/'));

describe('source files', () => {
  it('have names in kebab-case with a suffix of the closed list', () => {
    const shape = new RegExp(`^[a-z0-9]+(-[a-z0-9]+)*(\\.(${SUFFIXES.join('|')}))*\\.ts$`);
    const odd = files.filter((file) => !file.includes('/migrations/') && !shape.test(basename(file)));
    expect(odd).toEqual([]);
  });

  it('have names that say something', () => {
    const empty = files.filter((file) =>
      basename(file)
        .split(/[-.]/)
        .some((word) => EMPTY_WORDS.includes(word)),
    );
    expect(empty).toEqual([]);
  });

  it('say nothing twice: an index.ts is the entry point of a lib and nothing else', () => {
    expect(
      files.filter((file) => basename(file) === 'index.ts' && !/^libs\/[^/]+\/src\/index\.ts$/.test(file)),
    ).toEqual([]);
  });

  it('declare no type with an empty name', () => {
    const empty = String.raw`(?:I[A-Z][a-z]\w*|\w+Impl|Base[A-Z]\w*|\w+(?:Manager|Helper|Utils))`;
    const declaration = new RegExp(String.raw`^(?:export )?(?:abstract )?(?:class|interface|type) ${empty}\b`, 'm');
    const found = sources.filter((file) => declaration.test(readFileSync(join(root, file), 'utf8')));
    expect(found).toEqual([]);
  });

  it('leave nothing for later and switch no rule off', () => {
    const marks = /\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|nocheck)|eslint-disable/;
    expect(files.filter((file) => marks.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  it('stays at most 200 lines long', () => {
    expect(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(200);
  });

  it('names every app and every lib', () => {
    const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    const rooms = ['apps', 'libs'].flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
    );
    expect(rooms.filter((room) => !text.includes(room))).toEqual([]);
  });

  it('names only files that exist in its list of what to read first', () => {
    const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    const listed = [...text.matchAll(/^\d+\. `(?<path>[^`]+)`/gm)].map(({ groups }) => groups?.['path'] ?? '');
    expect(listed).toHaveLength(10);
    expect(listed.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
