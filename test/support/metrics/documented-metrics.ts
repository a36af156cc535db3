import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../processes.js';

/** A metric as a service registers it, and as the documentation has it. */
export interface MetricFacts {
  name: string;
  type: string;
  labels: string[];
}

/** The tables of docs/operations/observability.md, by what their headings name: `a proxy`, `every service`. */
export function documentedMetrics(): Map<string, MetricFacts[]> {
  const page = readFileSync(join(ROOT, 'docs/operations/observability.md'), 'utf8');
  const sections = page.split(/^## /m).flatMap((text) => {
    const owner = /^The metrics of (.*)\n/.exec(text)?.[1];
    return owner === undefined ? [] : [[owner, rowsOf(text)] as const];
  });
  return new Map(sections);
}

function rowsOf(section: string): MetricFacts[] {
  return [...section.matchAll(/^\| `(\w+)` *\| *(\w+) *\|([^|]*)\|/gm)].map(
    ([, name = '', type = '', labels = '']) => ({
      name,
      type,
      labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
    }),
  );
}
