import { fileURLToPath } from 'node:url';
import type { Profiler } from 'node:inspector';
import type { Child } from './children.js';

const SHOWN_FUNCTIONS = 40;
const SHOWN_PLACES = 25;
/** Not the work that is looked at: waiting, and the looking itself. */
const OMITTED = /^\(idle\)|node:inspector/;
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Profiles a process during some work; self times by function and by place, the dearest first, as lines. */
export async function profiled(child: Child, work: () => Promise<void>): Promise<string[]> {
  await child.ask('profile');
  await work();
  const profile = await child.ask<Profiler.Profile>('profiled');
  const byFunction = selfTimes(profile, ({ functionName, url, lineNumber }) => {
    const line = url === '' ? '' : `  ${short(url)}:${lineNumber + 1}`;
    return `${functionName || '(anonymous)'}${line}`;
  });
  // What belongs to no file is V8's and libuv's own: each under its name.
  const byPlace = selfTimes(profile, ({ functionName, url }) => placeOf(short(url)) || functionName || '(native)');
  return [
    'self time by function',
    ...dearest(byFunction, SHOWN_FUNCTIONS),
    '',
    'by place',
    ...dearest(byPlace, SHOWN_PLACES),
  ];
}

function selfTimes(
  { nodes, samples = [], timeDeltas = [] }: Profiler.Profile,
  nameOf: (frame: Profiler.ProfileNode['callFrame']) => string,
): Map<string, number> {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const micros = new Map<string, number>();
  samples.forEach((id, n) => {
    const name = names.get(id) ?? '';
    micros.set(name, (micros.get(name) ?? 0) + (timeDeltas[n] ?? 0));
  });
  return micros;
}

function dearest(micros: Map<string, number>, shown: number): string[] {
  const busy = [...micros].filter(([name]) => !OMITTED.test(name)).toSorted(([, a], [, b]) => b - a);
  const total = busy.reduce((sum, [, each]) => sum + each, 0);
  return busy.slice(0, shown).map(([name, each]) => `${((100 * each) / total).toFixed(1).padStart(5)} %  ${name}`);
}

function short(url: string): string {
  return url.replace('file://', '').replace(ROOT, '');
}

/** The package, the folder of an app or the lib that a file is of. */
function placeOf(file: string): string {
  const parts = /^node_modules\/((?:@[^/]+\/)?[^/]+)|^dist\/((?:apps\/[^/]+\/src|libs)\/[^/]+)/.exec(file);
  return parts?.[1] ?? parts?.[2] ?? file;
}
