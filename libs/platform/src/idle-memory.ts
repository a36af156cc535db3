import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MIB = 1024 * 1024;

/** When memory is given back. */
export interface IdleRules {
  /** How long no request has begun before. */
  readonly idleMs: number;
  /** How long it takes after one time until the next. */
  readonly againMs: number;
  /** How much the heap must have grown since the last time, bytes: what a collection is worth. */
  readonly grownBytes: number;
}

const RULES: IdleRules = { idleMs: 10_000, againMs: 30_000, grownBytes: 12 * MIB };

/**
 * Gives memory back to the system while there is nothing to do: after the start, and after load. V8 collects when something
 * is allocated, so an idle process would stay as large as it ever was. A collection takes some 100 ms in which nothing else
 * runs; where requests keep coming, there is none.
 * @param begun how many requests have begun so far
 * @returns ends the watch
 */
export function giveBackWhenIdle(begun: () => number, rules: IdleRules = RULES): () => void {
  const { idleMs, againMs, grownBytes } = rules;
  let before = begun();
  let last: { readonly at: number; readonly bytes: number } | undefined;
  const look = (): void => {
    const now = begun();
    const isIdle = now === before;
    before = now;
    if (!isIdle) return;
    if (last && (performance.now() - last.at < againMs || heapBytes() - last.bytes < grownBytes)) return;
    collectAll();
    last = { at: performance.now(), bytes: heapBytes() };
  };
  const timer = setInterval(look, idleMs).unref();
  return () => clearInterval(timer);
}

/** What the heap takes of the system's memory, garbage and free pages included. */
function heapBytes(): number {
  return getHeapStatistics().total_physical_size;
}

type Collect = (options: { type: 'major'; flavor: 'last-resort' }) => void;
let collect: Collect | undefined;

/** The only collection that also gives back the pages of the young generation. It has to be asked for by name. */
function collectAll(): void {
  collect ??= exposedCollect();
  collect({ type: 'major', flavor: 'last-resort' });
}

/** V8 makes the function in contexts that are new while the flag is set: this one has nothing else in it. */
function exposedCollect(): Collect {
  setFlagsFromString('--expose-gc');
  const exposed: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (!isCollect(exposed)) throw new Error('V8 exposes no collection');
  return exposed;
}

function isCollect(exposed: unknown): exposed is Collect {
  return typeof exposed === 'function';
}
