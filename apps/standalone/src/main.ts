import { assertSupportedNode, readSettings, runUntilSignal } from '@lethe/platform';
import { startStandalone } from './standalone.js';

assertSupportedNode();
await runUntilSignal(await startStandalone(readSettings(process.env)));
