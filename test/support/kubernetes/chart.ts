import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from '../processes.js';

/** The chart, and the values it is rendered with: a file of `deploy/helm/values` for each file of `deploy/helm/rendered`. */
export const CHART = join(ROOT, 'deploy/helm/lethe');

const valuesFile = (set: string): string => join(ROOT, 'deploy/helm/values', `${set}.yaml`);
const renderedFile = (set: string): string => join(ROOT, 'deploy/helm/rendered', `${set}.yaml`);

/** Names of the sets of values. */
export const VALUES_SETS: readonly string[] = globSync(valuesFile('*'))
  .map((file) => basename(file, '.yaml'))
  .sort();

/** Where things are that one set of values is rendered from and to. */
export function filesOf(set: string): { values: string; rendered: string } {
  return { values: valuesFile(set), rendered: renderedFile(set) };
}

/**
 * The first line of a rendered file: digests of what it was rendered from, and of the rest of the file. Without helm, they
 * tell whether it is still what helm would write.
 */
export function headerOf(set: string, body: string): string {
  return `# Rendered from values/${set}.yaml by \`npm run lab:kubernetes -- --render\`: chart ${chartDigest(set)}, objects ${digest([body])}`;
}

function chartDigest(set: string): string {
  const files = globSync('**/*', { cwd: CHART, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return digest([...files, valuesFile(set)].flatMap((file) => [file.slice(ROOT.length), readFileSync(file, 'utf8')]));
}

function digest(parts: string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest('hex').slice(0, 16);
}
