import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Apps whose providers all say by their suffix what they are to Nest. */
const WITH_SUFFIXED_PROVIDERS = ['registry', 'connector'];
/** Apps in which no exported name means two things. */
const WITH_UNIQUE_NAMES = ['registry', 'proxy', 'cli', 'demo', 'standalone'];

/** What an injectable class can be to Nest. Controllers are not injectable: they are `@Controller`. */
const PROVIDER_SUFFIXES = ['responder', 'service', 'guard', 'interceptor', 'filter', 'handler', 'job'];
const PROVIDER_FILE = new RegExp(String.raw`\.(${PROVIDER_SUFFIXES.join('|')})\.ts$`);

type Sources = Record<string, string>;

function sourcesOf(app: string): Sources {
  const folder = join(root, 'apps', app, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
  return Object.fromEntries(sources.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

/** Files with an injectable class whose name does not say what the class is to Nest. */
function unsuffixedProviders(sources: Sources): string[] {
  const providers = Object.entries(sources).filter(([, text]) => /^@Injectable\(/m.test(text));
  return providers.map(([file]) => file).filter((file) => !PROVIDER_FILE.test(file));
}

/** Names that a file declares and exports; a type and a constant of one name, in one file, are one name. */
function exportedNames(text: string): Set<string> {
  const names = new Set<string>();
  for (const statement of ts.createSourceFile('a.ts', text, ts.ScriptTarget.ES2024).statements) {
    const isExported = ts.canHaveModifiers(statement)
      ? ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
      : false;
    if (isExported !== true) continue;
    const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
    for (const declaration of declared) {
      if ('name' in declaration && declaration.name && ts.isIdentifier(declaration.name))
        names.add(declaration.name.text);
    }
  }
  return names;
}

/** Names that more than one file exports: `<name>: <files>`. */
function namesExportedTwice(sources: Sources): string[] {
  const files = new Map<string, string[]>();
  for (const [file, text] of Object.entries(sources)) {
    for (const name of exportedNames(text)) files.set(name, [...(files.get(name) ?? []), file]);
  }
  return [...files].filter(([, where]) => where.length > 1).map(([name, where]) => `${name}: ${where.join(', ')}`);
}

describe('names', () => {
  it.each(WITH_SUFFIXED_PROVIDERS)('of files say what an injectable class is to Nest: %s', (app) => {
    expect(unsuffixedProviders(sourcesOf(app))).toEqual([]);
  });

  it.each(WITH_UNIQUE_NAMES)('that are exported mean one thing in an app: %s', (app) => {
    expect(namesExportedTwice(sourcesOf(app))).toEqual([]);
  });

  it('that break these rules are found', () => {
    const text =
      '@Injectable()\nexport class Slots {}\nexport const a = 1, b = 2;\nexport type a = string;\nconst c = 3;';
    const sources = { 'slots.ts': text, 'slots.service.ts': text, 'other.ts': 'export function c() {}' };
    expect(unsuffixedProviders(sources)).toEqual(['slots.ts']);
    expect(namesExportedTwice(sources)).toEqual(
      ['Slots', 'a', 'b'].map((name) => `${name}: slots.ts, slots.service.ts`),
    );
  });
});
