import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Case, type CaseName, casesOf } from './cases.js';
import type { LabClient, Outcome } from './client.js';
import { filesWith } from './secrets.js';
import type { Exchange } from './world/exchange.js';
import type { World } from './world/world.js';

/** What one run of a client showed. */
export interface Run extends Outcome {
  /** By step: the call was made and its result is the expected one. */
  passed: boolean[];
  exchanges: Exchange[];
  /** Files in the client's HOME that hold one of the secrets, afterwards. */
  secretFiles: string[];
  seconds: number;
  /** Why the client could not be run at all. */
  failure?: string;
}

/** All runs of one client; a case is missing if it made no sense for this client. */
export type Runs = Partial<Record<CaseName, Run>>;

export interface Folders {
  packages: string;
  homes: string;
}

/** Runs a client through all cases, one after another. */
export async function measure(
  client: LabClient,
  world: World,
  folders: Folders,
  tell: (line: string) => void,
): Promise<Runs> {
  const runs: Runs = {};
  for (const each of casesOf(world)) {
    if (each.name.startsWith('asks') && !canBeAsked(runs)) continue;
    const run = await runOnce(client, each, world, folders);
    runs[each.name] = run;
    tell(`  ${each.name}: ${run.passed.filter(Boolean).length}/${run.passed.length} calls in ${run.seconds} s`);
  }
  return runs;
}

/** Only a client that declares that it can be asked is asked. */
function canBeAsked(runs: Runs): boolean {
  const exchanges = Object.values(runs).flatMap((run) => run.exchanges);
  return exchanges.some(({ rpc }) => rpc?.capabilities?.includes('elicitation') === true);
}

async function runOnce(client: LabClient, each: Case, world: World, folders: Folders): Promise<Run> {
  const home = await mkdtemp(join(folders.homes, `${client.id}-`));
  const { servers, steps, secrets } = each;
  const startedMs = Date.now();
  world.recorder.take();
  try {
    const task = { servers, steps, secrets, home, packages: folders.packages, model: world.model };
    const outcome = await client.drive(task).catch((error: unknown) => failed(steps.length, error));
    return {
      ...outcome,
      passed: steps.map(({ expected }, index) => expected.test(outcome.results[index] ?? '')),
      exchanges: world.recorder.take(),
      secretFiles: await filesWith(Object.values(secrets), home),
      seconds: Math.round((Date.now() - startedMs) / 1000),
    };
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function failed(steps: number, error: unknown): Outcome & { failure: string } {
  return { results: Array.from({ length: steps }, () => undefined), said: '', failure: String(error) };
}
