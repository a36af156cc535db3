import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/processes.js';
import type { Revision } from './requirement-sets.js';

const entry = join(ROOT, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
const RUN_LIMIT_MS = 150_000;

/** One check as the harness writes it down. */
export interface Check {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  errorMessage?: string;
}

/** How the harness ended, and what it found scenario by scenario. */
export interface HarnessRun {
  exitCode: number;
  checks: ReadonlyMap<string, readonly Check[]>;
}

/** Runs what a revision requires of servers against one endpoint (`conformance server --requirements`). */
export function runServerSuite(url: string, revision: Revision): Promise<HarnessRun> {
  return run(['server', '--url', url, '--requirements', revision, '--timeout', '20000']);
}

/**
 * Runs one scenario of clients; the harness is the server, and appends its URL to the command.
 * @param revision may be undefined for a scenario of an extension, which belongs to none
 */
export function runClientScenario(
  command: string,
  scenario: string,
  revision: Revision | undefined,
): Promise<HarnessRun> {
  const of = revision === undefined ? [] : ['--spec-version', revision, '--force'];
  return run(['client', '--command', command, '--scenario', scenario, ...of, '--timeout', '60000']);
}

async function run(args: readonly string[]): Promise<HarnessRun> {
  const folder = await mkdtemp(join(tmpdir(), 'lethe-conformance-'));
  try {
    const exitCode = await execute([...args, '--output-dir', folder]);
    return { exitCode, checks: await checksIn(folder) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function execute(args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const limits = { timeout: RUN_LIMIT_MS, maxBuffer: Infinity };
    const child = execFile(process.execPath, [entry, ...args], limits, () => resolve(child.exitCode ?? -1));
  });
}

/** The harness writes one `checks.json` into a folder named `[server-]<scenario>-<time>`; a scenario may hold a slash. */
async function checksIn(folder: string): Promise<Map<string, Check[]>> {
  const files = await readdir(folder, { recursive: true });
  const found = files.filter((file) => file.endsWith('checks.json'));
  return new Map(
    await Promise.all(
      found.map(async (file) => {
        const scenario = file.replace(/^server-/, '').replace(/-\d{4}-\d{2}-\d{2}T[\d-]+Z\/checks\.json$/, '');
        return [scenario, JSON.parse(await readFile(join(folder, file), 'utf8')) as Check[]] as const;
      }),
    ),
  );
}

/** What failed in a scenario, but for the excused checks; empty only when the scenario ran. */
export function failuresOf({ checks }: HarnessRun, scenario: string, excused: readonly string[] = []): string {
  const own = checks.get(scenario);
  if (own === undefined || own.length === 0) return 'did not run';
  const failed = own.filter(({ id, status }) => isBad(status) && !excused.includes(id));
  return failed.map(({ id, errorMessage }) => `${id}: ${errorMessage ?? ''}`).join('\n');
}

export function hasFailed({ checks }: HarnessRun, scenario: string, check: string): boolean {
  return checks.get(scenario)?.some(({ id, status }) => id === check && isBad(status)) ?? false;
}

/** A warning is a SHOULD of the specification that was not kept; Lethe keeps those too. */
const isBad = (status: Check['status']): boolean => status === 'FAILURE' || status === 'WARNING';
