import { assertSupportedNode, readSettings, runMain, writeRuntimeFile } from '@lethe/platform';
import { loadTrust } from '@lethe/sealing';

runMain(async () => {
  assertSupportedNode();
  const settings = readSettings(process.env);
  const { databaseUrl, natsUrl, trustDir } = settings;
  if (databaseUrl === undefined) throw new Error('DATABASE_URL: required when the registry runs as its own process');
  if (natsUrl === undefined) throw new Error('NATS_URL: required when the registry runs as its own process');
  if (trustDir === undefined) throw new Error('LETHE_TRUST: required when the registry runs as its own process');
  const trust = await loadTrust(trustDir);
  // Imported after the version check: on an old Node.js these modules fail with a message that explains less.
  const { startRegistry } = await import('./registry.app.js');
  const service = await startRegistry({ settings, databaseUrl, trust, bus: { natsUrl, service: 'registry' } });
  await writeRuntimeFile(settings.home, { url: service.url, pid: process.pid }, 'runtime-registry.json');
  return service;
});
