import { assertSupportedNode, readSettings, runMain, warnAtStart } from '@lethe/platform';
import { withFreePorts } from './free-ports.js';

runMain(async () => {
  assertSupportedNode();
  // Imported after the version check: on an old Node.js these modules fail with a message that explains less.
  const { startStandalone } = await import('./standalone.js');
  return startStandalone(readSettings(await withFreePorts(process.env), { warn: warnAtStart }));
});
