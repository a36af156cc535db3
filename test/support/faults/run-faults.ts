import { startChanges } from './changes.js';
import { type Fault, type FaultResult, runFault } from './fault.js';
import { startLoad } from './load.js';
import { SeededRandom } from './random.js';
import { finishedEvents } from './stored-events.js';
import { Violations } from './violations.js';
import { startWorld, type WorldOptions } from './world.js';

export interface FaultRun {
  world: WorldOptions;
  callers: number;
  /** What each caller waits between two calls; nothing otherwise. */
  paceMs?: number;
  seed: number;
  /** Virtual servers that are published before the first fault; none otherwise. */
  servers?: number;
  /** How long each fault lasts at least. */
  holdMs: number;
  faults: readonly Fault[];
  /** Called after each fault. */
  report?: (result: FaultResult) => void;
}

/** What a run has shown. */
export interface FaultReport {
  results: FaultResult[];
  violations: Violations;
  /** Verifications that were accepted, by how they ended. */
  verifications: Map<string, number>;
  changes: number;
}

/** Makes faults one after another under load, and checks at the end that nothing of what was accepted is lost. */
export async function runFaults(run: FaultRun): Promise<FaultReport> {
  const violations = new Violations();
  const random = new SeededRandom(run.seed);
  const world = await startWorld(run.world);
  try {
    const load = await startLoad(world, run, violations);
    const changes = startChanges(world, load.upstreams[1]!, violations);
    await changes.many(run.servers ?? 0);
    const results: FaultResult[] = [];
    for (const fault of random.shuffled(run.faults)) {
      const result = await runFault({ world, load, changes, violations, random }, fault, run.holdMs);
      results.push(result);
      run.report?.(result);
    }
    await changes.stop();
    const verifications = await changes.check();
    await finishedEvents(world, violations);
    await load.stop();
    return { results, violations, verifications, changes: changes.accepted().servers };
  } finally {
    await world.stop();
  }
}
