import { eventually } from '../eventually.js';
import type { Changes } from './changes.js';
import type { Load } from './load.js';
import type { SeededRandom } from './random.js';
import type { Violations } from './violations.js';
import type { World } from './world.js';

/** Where faults are made. */
export interface Scene {
  world: World;
  load: Load;
  changes: Changes;
  violations: Violations;
  random: SeededRandom;
}

/** One way in which parts fail. */
export interface Fault {
  name: string;
  /** Calls that are made meanwhile; 1,000 otherwise. */
  calls?: number;
  /** How long it lasts at least; `seconds` of the run otherwise. */
  holdMs?: number;
  /** The fault takes proxies away: calls that run there break, and clients go elsewhere. */
  cutsCalls?: boolean;
  /** How long everything may take to be as before; a minute otherwise. */
  convergesMs?: number;
  /** What else must be as before; tried until it resolves. */
  isWhole?(scene: Scene): Promise<void>;
  /** Makes it. Returns how it is remedied. */
  make(scene: Scene): Promise<() => Promise<unknown>>;
}

/** What a fault did. */
export interface FaultResult {
  name: string;
  answered: number;
  failed: number;
  cut: number;
  /** Until a new change was served by all proxies and a verification concluded; undefined if that took too long. */
  convergedMs: number | undefined;
  reasons: string;
}

/** Makes a fault under load, remedies it, and waits until everything works again. */
export async function runFault(scene: Scene, fault: Fault, minimumMs: number): Promise<FaultResult> {
  const { load, changes, violations } = scene;
  const noteFor = noting(violations, fault);
  load.taken();
  const holdMs = fault.holdMs ?? minimumMs;
  const remedy = await fault.make(scene);
  await Promise.all([load.calls(fault.calls ?? 1_000), new Promise((resolve) => setTimeout(resolve, holdMs))]);
  await remedy();
  const begin = performance.now();
  const convergesMs = fault.convergesMs ?? 60_000;
  const whole = async (): Promise<void> => {
    await Promise.all([changes.converged(convergesMs), eventually(() => fault.isWhole?.(scene), convergesMs)]);
  };
  const error = await whole().then(() => undefined, String);
  const convergedMs = error === undefined ? performance.now() - begin : undefined;
  if (error !== undefined) noteFor('not converged in time', error);
  await scene.world.allReady();
  const { answered, failed, cut, reasons } = load.taken();
  const words = [...reasons].map(([reason, count]) => `${count} x ${reason}`).join(', ');
  if (failed > 0) noteFor('failed calls', words);
  if (cut > 0 && !fault.cutsCalls) noteFor('cut calls', words);
  return { name: fault.name, answered, failed, cut, convergedMs, reasons: words };
}

function noting(violations: Violations, { name }: Fault) {
  return (kind: string, example: string): void => violations.add(kind, `${name}: ${example}`);
}

/** One line of the report. */
export function lineOf({ name, answered, failed, cut, convergedMs, reasons }: FaultResult): string {
  const converged = convergedMs === undefined ? 'not converged' : `converged in ${(convergedMs / 1_000).toFixed(1)} s`;
  return `${name}: ${answered} answered, ${failed} failed, ${cut} cut, ${converged}${reasons && ` (${reasons})`}`;
}
