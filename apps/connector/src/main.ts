import { assertSupportedNode, readSettings, runMain, warnAtStart, writeRuntimeFile } from '@lethe/platform';
import { loadTrust } from '@lethe/sealing';

assertSupportedNode();
runMain(async () => {
  const required = ['natsUrl', 'trustDir'] as const;
  const settings = readSettings(process.env, { required, warn: warnAtStart });
  const trust = await loadTrust(settings.trustDir);
  const bus = { natsUrl: settings.natsUrl, service: 'connector' };
  // Imported after the version check: on an old Node.js these modules fail first, with a worse message.
  const { startConnector } = await import('./connector.app.js');
  const connector = await startConnector({ settings, bus, trust });
  const { url, doorUrl = null } = connector;
  await writeRuntimeFile(settings.home, { url, doorUrl, pid: process.pid }, 'runtime-connector.json');
  return connector;
});
