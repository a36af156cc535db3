import { startEmbedded } from '../support/embedded.js';
import { describeWholePath } from './whole-path.suite.js';

describeWholePath('embedded in one process', 'path.embedded', async () => {
  const embedded = await startEmbedded();
  return { admin: embedded.admin, clientUrl: embedded.proxyUrl, stop: embedded.stop };
});
