import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Case, CaseName } from './cases.js';
import type { LabClient, Outcome, Step } from './client.js';
import { seenIn } from './report/wording.js';
import { endProcessesIn } from './run-command.js';
import { filesWith } from './secrets.js';
import type { Exchange } from './world/exchange.js';
import type { World } from './world/world.js';

/** What one run of a client showed. */
export interface Run extends Outcome {
  name: CaseName;
  steps: Step[];
  /** By step: the call was made and its result is the expected one. */
  passed: boolean[];
  exchanges: Exchange[];
  /** Files in the client's HOME that hold one of the secrets, afterwards. */
  secretFiles: string[];
  seconds: number;
  /** The first call's result, or what was printed instead, for a person to read. */
  seen: string;
  /** Why the client could not be run at all. */
  failure?: string;
}

/** Where a client is installed, and where its empty HOMEs are made. */
export interface Folders {
  packages: string;
  homes: string;
  /** Where the `lethe` command is, for clients that start bridges. */
  commands?: string | undefined;
}

/** Runs a client through all cases, one after another; the ones in which it is asked only if it can be asked. */
export async function measure(
  client: LabClient,
  cases: Case[],
  world: World,
  folders: Folders,
  tell: (line: string) => void,
): Promise<Run[]> {
  const runs: Run[] = [];
  for (const each of cases) {
    if (each.name.startsWith('asks') && !canBeAsked(runs)) continue;
    const run = await runOnce(client, each, world, folders);
    runs.push(run);
    tell(
      `  ${each.name} (${each.servers.map(({ name }) => name).join(', ')}): ${run.passed.filter(Boolean).length}/${run.passed.length} calls in ${run.seconds} s`,
    );
  }
  return runs;
}

/** Only a client that declares that it can be asked is asked. */
function canBeAsked(runs: Run[]): boolean {
  return runs
    .flatMap(({ exchanges }) => exchanges)
    .some(({ rpc }) => rpc?.capabilities?.includes('elicitation') === true);
}

async function runOnce(client: LabClient, each: Case, world: World, folders: Folders): Promise<Run> {
  const home = await mkdtemp(join(folders.homes, `${client.id}-`));
  const { servers, steps, secrets } = each;
  const startedMs = Date.now();
  world.recorder.take();
  try {
    const { packages, commands } = folders;
    const task = { servers, steps, secrets, home, packages, commands, model: world.model };
    const outcome = await client.drive(task).catch((error: unknown) => failed(steps.length, error));
    return {
      ...outcome,
      seen: seenIn(outcome, { secrets: Object.values(secrets), home, packages: folders.packages }),
      name: each.name,
      steps,
      passed: steps.map(({ expected }, index) => expected.test(outcome.results[index] ?? '')),
      exchanges: world.recorder.take(),
      secretFiles: await filesWith(Object.values(secrets), home),
      seconds: Math.round((Date.now() - startedMs) / 1000),
    };
  } finally {
    await endProcessesIn(home);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function failed(steps: number, error: unknown): Outcome & { failure: string } {
  return { results: Array.from({ length: steps }, () => undefined), said: '', failure: String(error) };
}
