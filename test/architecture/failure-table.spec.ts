import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/processes.js';

const TITLE = 'a part that is down';

/** The lines of "When a part is down", as `down: still works`. */
function lines(): string[] {
  const [, section = ''] = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').split('\n## When a part is down\n');
  const rows = section
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| '));
  return rows.slice(2).map((row) => row.slice(1, -1).split('|').map((cell) => cell.trim()).join(': ')); // prettier-ignore
}

/** The names of the tests that prove them. */
function tests(): string[] {
  const folder = join(ROOT, 'test/e2e');
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  return texts
    .filter((text) => text.includes(`('${TITLE}`))
    .flatMap((text) => [...text.matchAll(/^ {2}it\('(.+)', async/gm)].map(([, name]) => name!));
}

describe('what still works when a part is down', () => {
  it('is tested line by line: each test has the words of its line', () => {
    expect(lines().length).toBeGreaterThan(5);
    expect(tests().toSorted()).toEqual(lines().toSorted());
  });
});
