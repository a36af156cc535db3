import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { REQUIREMENTS } from '../requirements.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * String arguments of all calls of one spec (`verifies('id')`, or a suite that is told which promise it proves), read
 * from its syntax tree, so that a comment, a skipped test or an expectation proves nothing.
 */
function provenIn(text: string): string[] {
  const ids: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const called = node.expression.getText();
      if (/\.(skip|todo|fails)\b/.test(called)) return;
      if (/^(verifies|describe[A-Z]\w*)$/.test(called))
        ids.push(...node.arguments.filter(ts.isStringLiteral).map((a) => a.text));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('spec.ts', text, ts.ScriptTarget.ES2024, true));
  return ids;
}

function specs(): string[] {
  return ['apps', 'libs', 'test']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((f) => join(folder, f)),
    )
    .filter((file) => /\.(spec|suite)\.ts$/.test(file) && !file.includes('node_modules'));
}

describe('the promises', () => {
  const proven = new Set(specs().flatMap((file) => provenIn(readFileSync(join(root, file), 'utf8'))));

  for (const [id, promise] of Object.entries(REQUIREMENTS)) {
    it(`${id} is proven: ${promise}`, () => {
      expect(proven.has(id)).toBe(true);
    });
  }

  it('are not proven by a comment, a string, an expectation or a skipped test', () => {
    const spec = `// verifies('a')
      const s = "verifies('b')"; expect('c'); it.skip('x', () => { verifies('d'); });
      it('x', () => { verifies('e'); }); describeWholePath('title', 'f', start);`;
    expect(provenIn(spec)).toEqual(['e', 'title', 'f']);
  });
});
