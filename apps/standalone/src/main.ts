import { assertSupportedNode, readSettings, runMain, warnAtStart } from '@lethe/platform';
import { withFreePorts } from './free-ports.js';
import { quietly, startText } from './on-terminal.js';

runMain(async (onServing) => {
  assertSupportedNode();
  // Imported after the version check: on an old Node.js these modules fail with a message that explains less.
  const { startStandalone } = await import('./standalone.js');
  const { isTTY: isTerminal } = process.stdout;
  const env = await withFreePorts(isTerminal ? quietly(process.env) : process.env);
  const lethe = await startStandalone(readSettings(env, { warn: warnAtStart }), onServing);
  if (isTerminal) process.stdout.write(startText(lethe));
  return lethe;
});
