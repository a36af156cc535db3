import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ruleName } from '../../libs/platform/src/http/rule-names.js';
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
/** Codes and states that tables are looked up by. */
const codes = [
  ...[...sources, ...read('{libs/{contracts,mcp,platform},apps/registry}/src/**/*.ts')].map(({ content }) => content),
  ...['min', 'max', 'minLength', 'maxLength'].map((rule) => `'${ruleName(rule)}'`),
].join('\n');

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

/** Whether a file that has the table names this text, or looks it up by a value that can be its name. */
function isUsed({ file, table, name }: Text, among: readonly Source[], values: string): boolean {
  const module = `/${basename(file).replace(/\.tsx?$/, '.js')}'`;
  const users = among.filter((each) => each.file === file || each.content.includes(module));
  return users.some(({ content }) => {
    if (new RegExp(String.raw`\b${table}\.${name}\b`).test(content)) return true;
    const prefixes = [...content.matchAll(new RegExp(String.raw`\b${table}\[\`(\w*)\$\{`, 'g'))];
    if (prefixes.some(([, prefix = '']) => name.startsWith(prefix))) return true;
    const isLookedUp = new RegExp(String.raw`\b${table}\b(?!\.\w)(?! = texts)(?![^;]*from ')`).test(content);
    return isLookedUp && new RegExp(String.raw`['"]${name}['"]|\b${name}\??:(?! ['"\`]\w* )`).test(values);
  });
}

describe('the texts of the console', () => {
  const all = sources.flatMap(textsOf);

  it('have ids of their own: a translation is a table of ids', () => {
    const ids = all.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(1_000);
    expect([...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))]).toEqual([]);
  });

  it('are all shown somewhere', () => {
    expect(all.filter((text) => !isUsed(text, sources, codes)).map(({ file, id }) => `${file} ${id}`)).toEqual([]);
  });

  it('are missed when nothing shows them', () => {
    const content = "const T = texts('t', {\n  shown: 'Shown',\n  state_on: 'On',\n  left: 'Left',\n});\ntext(T.shown);\ntext(T[`state_${x}`]);"; // prettier-ignore
    const source = { file: 'a.ts', content };
    expect(textsOf(source).filter((text) => !isUsed(text, [source], content)).map(({ id }) => id)).toEqual(['t.left']); // prettier-ignore
  });
});
