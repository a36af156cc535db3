import { assertSupportedNode, readSettings, runMain, warnAtStart, writeRuntimeFile } from '@lethe/platform';
import { loadTrust } from '@lethe/sealing';

runMain(async () => {
  assertSupportedNode();
  const required = ['databaseUrl', 'natsUrl', 'trustDir'] as const;
  const settings = readSettings(process.env, { required, warn: warnAtStart });
  const { databaseUrl, natsUrl, natsReplicas: replicas, trustDir } = settings;
  const trust = await loadTrust(trustDir);
  // Imported after the version check: on an old Node.js these modules fail with a message that explains less.
  const { startRegistry } = await import('./registry.app.js');
  const bus = { natsUrl, replicas, service: 'registry' };
  const service = await startRegistry({ settings, databaseUrl, trust, bus });
  await writeRuntimeFile(settings.home, { url: service.url, pid: process.pid }, 'runtime-registry.json');
  return service;
});
