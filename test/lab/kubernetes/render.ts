import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CHART, filesOf, headerOf, VALUES_SETS } from '../../support/kubernetes/chart.js';
import { outputOf, type Tools } from './tools.js';

/** Writes `deploy/helm/rendered`: what helm renders from each set of values. */
export function renderAll({ helm }: Pick<Tools, 'helm'>, say: (line: string) => void): void {
  for (const set of VALUES_SETS) {
    const { values, rendered } = filesOf(set);
    outputOf(helm, ['lint', '--strict', CHART, '-f', values]);
    const objects = outputOf(helm, ['template', 'lethe', CHART, '--namespace', 'lethe', '-f', values]);
    const body = `\n${objects.replaceAll(/[ \t]+$/gm, '').replaceAll(/\n{2,}/g, '\n')}\n`;
    mkdirSync(dirname(rendered), { recursive: true });
    writeFileSync(rendered, headerOf(set, body) + body);
    say(`rendered ${set}`);
  }
}
