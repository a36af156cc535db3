import { assertSupportedNode, readSettings, runMain, writeRuntimeFile } from '@lethe/platform';
import { loadTrust } from '@lethe/sealing';

assertSupportedNode();
runMain(async () => {
  const settings = readSettings(process.env);
  if (settings.natsUrl === undefined) throw new Error('NATS_URL: a connector of its own needs a message bus');
  if (settings.trustDir === undefined) throw new Error('LETHE_TRUST: a connector of its own needs the trust folder');
  const trust = await loadTrust(settings.trustDir);
  const bus = { natsUrl: settings.natsUrl, service: 'connector' };
  // After the check: on an old Node.js the modules below would fail first, and say less.
  const { startConnector } = await import('./connector.app.js');
  const connector = await startConnector({ settings, bus, trust });
  const { url, doorUrl = null } = connector;
  await writeRuntimeFile(settings.home, { url, doorUrl, pid: process.pid }, 'runtime-connector.json');
  return connector;
});
