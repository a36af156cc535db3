import { assertSupportedNode, readSettings } from '@lethe/platform';
import { Demo, type Outcome } from './demo.js';
import { Narrator, StepFailed } from './narrator.js';
import { Children } from './processes/children.js';

assertSupportedNode();
const isOnce = process.argv.includes('--once');
const children = new Children();
const narrator = new Narrator((line) => process.stdout.write(`${line}\n`));
const { home } = readSettings({ ...process.env, DATABASE_URL: '', NATS_URL: '' });

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void leave(isOnce ? 1 : 0));
try {
  const outcome = await new Demo(home, process.env, narrator, children).play();
  narrator.print('\nDone: the token did its work, and nothing here holds it any more.');
  if (isOnce) await leave(0);
  else showWhatRuns(outcome);
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  narrator.print(`\nThe demo ended early. Logs: ${home}/logs`);
  await leave(1);
}

async function leave(code: number): Promise<void> {
  await children.stopAll();
  process.exit(code);
}

function showWhatRuns({ lethe, endpoint, callerKey, callerToken }: Outcome): void {
  narrator.print(`
Lethe keeps running; Ctrl-C stops it.
  admin API       ${lethe.registryUrl}/docs     (token in ${home}/admin-token)
  virtual server  ${endpoint}
Connect any MCP client with these headers:
  Authorization: Bearer ${callerKey}
  X-Upstream-Authorization: Bearer ${callerToken}`);
}
