import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertSupportedNode } from '@lethe/platform';
import { Demo, type Outcome } from './demo.js';
import { Narrator, StepFailed } from './narrator.js';
import { Children } from './processes/children.js';

assertSupportedNode();
// Its own data directory: the demo leaves no gateway in another one, and disturbs no Lethe that runs.
const home = mkdtempSync(join(tmpdir(), 'lethe-demo-'));
const children = new Children();
const narrator = new Narrator((line) => process.stdout.write(`${line}\n`));
let staysUp = !process.argv.includes('--once');
let isLeaving = false;

process.stdout.on('error', (error: Error) => {
  if (!('code' in error && error.code === 'EPIPE')) throw error;
  // Nobody reads any more, as after `npm run demo | head`.
  staysUp = false;
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void leave(staysUp ? 0 : 1));
try {
  const outcome = await new Demo(home, process.env, narrator, children).play();
  narrator.print('\nDone: the token did its work, and nothing here holds it any more.');
  if (staysUp) showWhatRuns(outcome);
  else await leave(0);
} catch (error) {
  if (!isLeaving) await fail(error);
}

async function fail(error: unknown): Promise<void> {
  if (!(error instanceof StepFailed)) narrator.print(`\n${error instanceof Error ? error.message : String(error)}`);
  narrator.print(`\nThe demo ended early. Logs: ${home}/logs`);
  isLeaving = true;
  await children.stopAll();
  process.exit(1);
}

async function leave(code: number): Promise<void> {
  isLeaving = true;
  await children.stopAll();
  rmSync(home, { recursive: true, force: true });
  process.exit(code);
}

function showWhatRuns({ lethe, endpoint, callerKey, callerToken }: Outcome): void {
  narrator.print(`
This Lethe keeps running until Ctrl-C, which also removes its data directory.
  admin API       ${lethe.registryUrl}/docs     (token in ${home}/admin-token)
  lethe command   LETHE_HOME=${home} npm run -s lethe -- ls
  virtual server  ${endpoint}
Connect any MCP client with these headers:
  Authorization: Bearer ${callerKey}
  X-Upstream-Authorization: Bearer ${callerToken}`);
}
