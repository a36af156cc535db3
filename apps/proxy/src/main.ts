import { assertSupportedNode, readSettings, runMain, writeRuntimeFile } from '@lethe/platform';
import { loadTrust } from '@lethe/sealing';

assertSupportedNode();
runMain(async () => {
  const settings = readSettings(process.env);
  const { natsUrl, trustDir } = settings;
  if (natsUrl === undefined) throw new Error('NATS_URL: must be set for a proxy that runs alone');
  if (trustDir === undefined) throw new Error('LETHE_TRUST: must be set for a proxy that runs alone');
  const trust = await loadTrust(trustDir);
  // After the check: on an old Node.js the modules below would fail first, and say less.
  const { startProxy } = await import('./proxy.app.js');
  const service = await startProxy({ settings, bus: { natsUrl, service: 'proxy' }, trust });
  await writeRuntimeFile(settings.home, { url: service.url, pid: process.pid }, 'runtime-proxy.json');
  return service;
});
