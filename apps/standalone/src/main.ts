import { assertSupportedNode, readSettings, runMain } from '@lethe/platform';
import { withFreePorts } from './free-ports.js';

runMain(async () => {
  assertSupportedNode();
  // After the check: on an old Node.js the modules below would fail first, and say less.
  const { startStandalone } = await import('./standalone.js');
  return startStandalone(readSettings(await withFreePorts(process.env)));
});
