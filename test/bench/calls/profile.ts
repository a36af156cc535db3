import { fileURLToPath } from 'node:url';
import type { Profiler } from 'node:inspector';
import type { Child } from './children.js';

const SHOWN = 40;
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Profiles a process during some work; the self times by function, the dearest first, as lines. */
export async function profiled(child: Child, work: () => Promise<void>): Promise<string[]> {
  await child.ask('profile');
  await work();
  const { nodes, samples = [], timeDeltas = [] } = await child.ask<Profiler.Profile>('profiled');
  const byNode = new Map<number, number>();
  samples.forEach((id, n) => byNode.set(id, (byNode.get(id) ?? 0) + (timeDeltas[n] ?? 0)));
  const byFunction = new Map<string, number>();
  for (const { id, callFrame } of nodes) {
    const where = callFrame.url.replace('file://', '').replace(ROOT, '');
    const name = `${callFrame.functionName || '(anonymous)'}  ${where}${where && `:${callFrame.lineNumber + 1}`}`;
    byFunction.set(name, (byFunction.get(name) ?? 0) + (byNode.get(id) ?? 0));
  }
  const total = [...byFunction.values()].reduce((sum, micros) => sum + micros, 0);
  const busy = total - (byFunction.get('(idle)  ') ?? 0);
  const lines = [...byFunction]
    .filter(([name]) => name !== '(idle)  ')
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, micros]) => `${((100 * micros) / busy).toFixed(1).padStart(5)} %  ${name}`);
  return [`self time of ${(busy / 1000).toFixed(0)} ms busy in ${(total / 1000).toFixed(0)} ms`, ...lines];
}
