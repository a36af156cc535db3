import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/processes.js';

interface Source {
  file: string;
  content: string;
}

/** One text of a table: `EDIT.title`, whose id is `edit.title`. */
interface Text {
  file: string;
  table: string;
  name: string;
  id: string;
}

const TABLE = /const (?<table>\w+) = texts(?:<[^(]*>)?\(\s*'(?<screen>[\w-]+)',\s*\{(?<body>.*?)\n\}/gs;
const MEMBER = /^ {2}'?(?<name>[\w-]+)'?:/gm;

const read = (pattern: string): Source[] =>
  globSync(pattern, { cwd: ROOT })
    .filter((file) => !/\.spec\.tsx?$/.test(file))
    .map((file) => ({ file, content: readFileSync(join(ROOT, file), 'utf8') }));

const sources = read('apps/console/src/**/*.{ts,tsx}');
const all = sources.flatMap(textsOf);

function textsOf({ file, content }: Source): Text[] {
  return [...content.matchAll(TABLE)].flatMap(({ groups: { table = '', screen = '', body = '' } = {} }) =>
    [...body.matchAll(MEMBER)].map(({ groups: { name = '' } = {} }) => ({
      file,
      table,
      name,
      id: `${screen}.${name}`,
    })),
  );
}

/** What tables are looked up by: words in quotes, and names of members that are not texts themselves. */
function valuesIn(contents: readonly string[]): Set<string> {
  const values = contents
    .map((content) => content.replaceAll(TABLE, ''))
    .flatMap((content) => [
      ...[...content.matchAll(/['"](?<word>[\w-]+)['"]/g)].map(([, word = '']) => word),
      ...[...content.matchAll(/\b(?<word>\w+)\??:/g)].map(([, word = '']) => word),
    ]);
  return new Set(values);
}

/** The texts that no file names, and no file looks up by one of the values that there are. */
function unused(texts: readonly Text[], among: readonly Source[], values: ReadonlySet<string>): string[] {
  const tables = Map.groupBy(texts, ({ file, table }) => `${file} ${table}`);
  return [...tables.values()].flatMap((ofTable) => {
    const [{ file, table } = { file: '', table: '' }] = ofTable;
    const module = `/${basename(file).replace(/\.tsx?$/, '.js')}'`;
    const users = among.filter((each) => each.file === file || each.content.includes(module));
    const content = users.map((each) => each.content).join('\n');
    const named = new Set([...content.matchAll(new RegExp(`\\b${table}\\.(\\w+)`, 'g'))].map(([, name]) => name));
    const prefixes = [...content.matchAll(new RegExp(`\\b${table}\\[\`(\\w*)\\$\\{`, 'g'))].map(([, prefix]) => prefix);
    const isLookedUp = new RegExp(`\\b${table}(?:\\[(?!\`)|\\))`).test(content);
    return ofTable
      .filter(({ name }) => !named.has(name) && !prefixes.some((prefix = '') => name.startsWith(prefix)))
      .filter(({ name }) => !isLookedUp || !values.has(name))
      .map(({ id }) => `${file} ${id}`);
  });
}

describe('the texts of the console', () => {
  it('have ids of their own: a translation is a table of ids', () => {
    const ids = all.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(1_000);
    expect([...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))]).toEqual([]);
  });

  it('are all shown somewhere', () => {
    // Rules of the admin API whose names are made from those of class-validator.
    const rules = ["'min'", "'max'", "'min_length'", "'max_length'"];
    const codes = read('{libs/{contracts,mcp,platform},apps/registry}/src/**/*.ts');
    const values = valuesIn([...[...sources, ...codes].map(({ content }) => content), ...rules]);
    expect(unused(all, sources, values)).toEqual([]);
  });

  it('are missed when nothing shows them', () => {
    const table =
      "const T = texts('t', {\n  shown: 'Shown',\n  state_on: 'On',\n  byCode: 'By code',\n  left: 'Left',\n});\n";
    const content = `${table}text(T.shown);\ntext(T[\`state_\${x}\`]);\ntext(T[code]);`;
    const source = { file: 'a.ts', content };
    expect(unused(textsOf(source), [source], valuesIn(["'byCode'", content]))).toEqual(['a.ts t.left']);
  });
});
