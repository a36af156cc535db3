import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reporter, TestCase } from 'vitest/node';
import { REQUIREMENTS, type RequirementId } from '../requirements.js';

interface Proof {
  test: string;
  state: 'passed' | 'failed' | 'skipped' | 'pending';
}

/** One file for each npm script, such as dist/promises/test.md: a run of the guard alone leaves that of the suite. */
const NAME = (process.env['npm_lifecycle_event'] ?? 'run').replaceAll(/[^\w-]/g, '-');
const FILE = fileURLToPath(new URL(`../../dist/promises/${NAME}.md`, import.meta.url));

/** A promise holds when all tests that prove it passed. */
function resultOf(proofs: readonly Proof[]): 'holds' | 'FAILED' | 'not run' {
  if (proofs.some(({ state }) => state === 'failed')) return 'FAILED';
  return proofs.some(({ state }) => state === 'passed') ? 'holds' : 'not run';
}

/** Writes `dist/promises/<npm script>.md`: every promise of `test/requirements.ts`, its result in this run, and the tests that prove it. */
export class PromisesReporter implements Reporter {
  private readonly proofs = new Map<RequirementId, Proof[]>();

  onTestRunStart(): void {
    this.proofs.clear();
  }

  onTestCaseResult(test: TestCase): void {
    const proof = { test: `${test.module.relativeModuleId} > ${test.fullName}`, state: test.result().state };
    for (const id of new Set(test.meta().promises)) this.proofs.set(id, [...(this.proofs.get(id) ?? []), proof]);
  }

  onTestRunEnd(): void {
    const rows = Object.entries(REQUIREMENTS).map(([id, promise]) => {
      const proofs = [...this.proofs].find(([proven]) => proven === id)?.[1] ?? [];
      return { id, promise, proofs, result: resultOf(proofs) };
    });
    const lines = rows.map(({ id, promise, proofs, result }) =>
      [`- **${result}** \`${id}\` ${promise}`, ...proofs.map(({ state, test }) => `  - ${state}: ${test}`)].join('\n'),
    );
    const counts = (['holds', 'FAILED', 'not run'] as const).map(
      (result) => `${rows.filter((row) => row.result === result).length} ${result}`,
    );
    mkdirSync(dirname(FILE), { recursive: true });
    writeFileSync(FILE, `# Promises\n\n${counts.join(', ')}\n\n${lines.join('\n')}\n`);
    console.log(`   Promises  ${counts.join(', ')} (dist/promises/${NAME}.md)`);
  }
}
