import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { verifies } from '../requirements.js';
import { anchorsOf, operationsPage } from '../support/pages/page.js';
import { ROOT } from '../support/processes.js';

const RULE = z.object({ alert: z.string(), annotations: z.object({ runbook_url: z.string() }) });
const RULES = z.object({ groups: z.array(z.object({ rules: z.array(RULE) })) });

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const rules = RULES.parse(parse(read('deploy/prometheus/alerts.yml'))).groups.flatMap((group) => group.rules);
const sections = anchorsOf(operationsPage('runbooks'));

describe('the runbooks', () => {
  it.each(rules.map(({ alert, annotations }) => [alert, annotations.runbook_url] as const))(
    '%s: links to a section that says what to do',
    (alert, url) => {
      verifies('operations.runbooks');
      expect(url).toBe(`docs/operations/runbooks.md#${alert.toLowerCase()}`);
      expect(sections).toContain(alert.toLowerCase());
    },
  );

  it('have no section for an alert that does not exist', () => {
    const known = rules.map(({ alert }) => alert.toLowerCase());
    expect(sections.filter((section) => section.startsWith('lethe') && !known.includes(section))).toEqual([]);
  });

  it('have a section for each part that can be down', () => {
    verifies('operations.runbooks');
    const table = /## When a part is down\n(.*?)\n## /s.exec(read('ARCHITECTURE.md'))?.[1] ?? '';
    const parts = [...table.matchAll(/^\| ([^|]*?) *\|/gm)].map(([, part = '']) => part).slice(1);
    const named = parts.filter((part) => !/^-+$/.test(part));
    expect(named.length).toBeGreaterThanOrEqual(5);
    expect(named.flatMap((part) => anchorsOf(`## Down: ${part}`)).filter((each) => !sections.includes(each))).toEqual(
      [],
    );
  });
});

describe.each([
  'upgrade',
  'backup',
  'runbooks',
  'sizing',
  'administrators',
  'audit',
  'rest',
  'drift',
  'kept-credentials',
])('%s.md', (name) => {
  const text = operationsPage(name);

  it('links to sections that exist', () => {
    const links = [...text.matchAll(/\]\((?:([\w-]+)\.md)?#([\w-]+)\)/g)];
    const broken = links.filter(
      ([, page, anchor = '']) => !anchorsOf(page ? operationsPage(page) : text).includes(anchor),
    );
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('is linked from the README and the page on deployment', () => {
    for (const page of ['README.md', 'docs/operations/deploy.md']) expect(read(page)).toContain(`${name}.md`);
  });
});
