import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeHome, removeHome } from '../../support/processes.js';
import { RESULT } from '../calls/messages.js';
import { isAnswer } from '../calls/measure.js';
import { CONNECTIONS } from '../calls/options.js';
import { type Generator, writeRequests } from '../load/load.js';
import type { World } from '../scale/world.js';
import { spreadOf } from '../spread.js';
import type { Build } from './builds.js';
import type { Sample } from './figures.js';
import {
  bareSubject,
  embeddedSubject,
  proxySubject,
  publishServer,
  startUpstream,
  type Subject,
} from './load-subjects.js';
import { memoryOfTree } from './process-memory.js';

/** What is found of whom. */
export type Loads = Readonly<Record<Subject['of'], Sample>>;

/** How a load is put on, and when memory is looked at beside. */
export interface LoadPlan {
  readonly idleSeconds: number;
  readonly loadSeconds: number;
  /** By the name of the figure: the moments of the load, in seconds, of which the median is taken. */
  readonly looks: Readonly<Record<string, readonly [from: number, to: number]>>;
}

const LOOK_MS = 250;
const SETTLE_SECONDS = 10;

/** The second half of a load: the code is compiled, the pools are full. */
export function loadPlan({ idleSeconds, loadSeconds }: Pick<LoadPlan, 'idleSeconds' | 'loadSeconds'>): LoadPlan {
  return { idleSeconds, loadSeconds, looks: { loaded: [loadSeconds / 2, loadSeconds] } };
}

/** After one minute, and at the end. */
export function soakPlan(idleSeconds: number, minutes: number): LoadPlan {
  const loadSeconds = minutes * 60;
  return { idleSeconds, loadSeconds, looks: { afterOneMinute: [50, 70], atTheEnd: [loadSeconds - 20, loadSeconds] } };
}

/**
 * Resident memory before, under and after the same load on the bare relay, a proxy alone and all services in one process. All
 * are there at once, as that changes none's resident memory; the load comes to one after the other.
 */
export async function weighLoaded(
  part: 'load' | 'soak',
  builds: readonly Build[],
  world: World,
  plan: LoadPlan,
  generator: Generator,
): Promise<Loads> {
  const home = await makeHome();
  const upstream = await startUpstream(home);
  const subjects: Subject[] = [];
  const found: Record<Subject['of'], Sample> = { yardstick: {}, now: {}, before: {} };
  const note = ({ name, of }: Subject, figures: Sample) => {
    const named = Object.entries(figures).map(([figure, value]) => [`${part}.${name}.${figure}`, value]);
    found[of] = { ...found[of], ...Object.fromEntries(named) };
  };
  try {
    subjects.push(await bareSubject(home, upstream.origin));
    const key = await publishServer(world, upstream.origin);
    for (const build of builds) {
      subjects.push(await proxySubject(build, home, world, key));
      subjects.push(await embeddedSubject(build, home, upstream.origin));
    }
    await pause(Math.min(plan.idleSeconds, SETTLE_SECONDS) * 1_000);
    for (const subject of subjects) note(subject, { idle: residentOf(subject) });
    for (const subject of subjects) note(subject, await underLoad(subject, home, plan, generator));
    await pause(plan.idleSeconds * 1_000);
    for (const subject of subjects) note(subject, { idleAfter: residentOf(subject) });
    return found;
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()));
    await upstream.child.stop();
    await removeHome(home);
  }
}

async function underLoad(subject: Subject, home: string, plan: LoadPlan, generator: Generator): Promise<Sample> {
  await check(subject);
  const file = join(home, `${subject.of}-${subject.name}.http`);
  await writeRequests(file, [subject.call]);
  const begun = performance.now();
  const seen: [atSeconds: number, resident: number][] = [];
  const look = setInterval(() => seen.push([(performance.now() - begun) / 1_000, residentOf(subject)]), LOOK_MS);
  const order = { url: subject.call.url.origin, connections: CONNECTIONS, seconds: plan.loadSeconds, file };
  const load = await generator.load(order).finally(() => clearInterval(look));
  if (load.failed > 0 || load.calls === 0)
    throw new Error(`${subject.name}: ${load.failed} of ${load.calls} calls failed`);
  return { ...mediansOf(seen, plan.looks), callsPerSecond: load.calls / load.seconds };
}

/** What was seen in each span; a span in which nothing was seen is left out. */
export function mediansOf(seen: readonly (readonly [number, number])[], looks: LoadPlan['looks']): Sample {
  return Object.fromEntries(
    Object.entries(looks).flatMap(([name, [from, to]]) => {
      const within = seen.filter(([at]) => at >= from && at <= to).map(([, value]) => value);
      return within.length === 0 ? [] : [[name, spreadOf(within).median]];
    }),
  );
}

function residentOf({ pid }: Subject): number {
  return memoryOfTree(pid).resident;
}

/** One call, its result compared: a load counts an error of status 200 as an answer. */
async function check({ name, call: { url, headers, body } }: Subject): Promise<void> {
  const answer = await fetch(url, { method: 'POST', headers, body });
  const text = await answer.text();
  if (!isAnswer(text, RESULT))
    throw new Error(`${name}: not the answer that was expected: ${answer.status} ${text.slice(0, 500)}`);
}
