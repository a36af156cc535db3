import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { REQUIREMENTS, type RequirementId } from '../requirements.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The promises under one heading of `test/requirements.ts`. */
export interface PromiseGroup {
  readonly title: string;
  readonly ids: readonly RequirementId[];
}

/**
 * String arguments of all calls of one spec (`verifies('id')`, or a suite that is told which promise it proves), read
 * from its syntax tree, so that a comment, a skipped test or an expectation proves nothing.
 */
export function provenIn(text: string): string[] {
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
  visit(parse(text));
  return ids;
}

/** The files, relative to the repository and in order, whose tests prove each promise. */
export function proofs(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const file of specs()) {
    for (const id of new Set(provenIn(read(file)))) found.set(id, [...(found.get(id) ?? []), file]);
  }
  return found;
}

/** All promises in the order of their file; a comment between two of them is the heading of those that follow. */
export function promiseGroups(): readonly PromiseGroup[] {
  const text = read('test/requirements.ts');
  const groups: { title: string; ids: RequirementId[] }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name) && isPromise(node.name.text)) {
      const title = headingBefore(text, node);
      if (title !== undefined || groups.length === 0) groups.push({ title: title ?? 'Promises', ids: [] });
      groups.at(-1)?.ids.push(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(text));
  return groups;
}

function headingBefore(text: string, node: ts.Node): string | undefined {
  const [comment] = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  return comment && text.slice(comment.pos, comment.end).replace(/^\/\/\s*/, '');
}

function isPromise(id: string): id is RequirementId {
  return id in REQUIREMENTS;
}

function specs(): string[] {
  return ['apps', 'libs', 'test']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    )
    .filter((file) => /\.(spec|suite)\.ts$/.test(file) && !file.includes('node_modules'))
    .sort();
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile('spec.ts', text, ts.ScriptTarget.ES2024, true);
}
