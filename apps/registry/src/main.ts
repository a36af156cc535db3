import { assertSupportedNode, readSettings, runMain, writeRuntimeFile } from '@lethe/platform';
import { loadTrust } from '@lethe/sealing';

runMain(async () => {
  assertSupportedNode();
  const settings = readSettings(process.env);
  const { databaseUrl, natsUrl, trustDir } = settings;
  if (databaseUrl === undefined) throw new Error('DATABASE_URL: required when the registry runs by itself');
  if (natsUrl === undefined) throw new Error('NATS_URL: required when the registry runs by itself');
  if (trustDir === undefined) throw new Error('LETHE_TRUST: required when the registry runs by itself');
  const trust = await loadTrust(trustDir);
  // After the check: on an old Node.js the modules below would fail first, and say less.
  const { startRegistry } = await import('./registry.app.js');
  const service = await startRegistry({ settings, databaseUrl, trust, bus: { natsUrl, service: 'registry' } });
  await writeRuntimeFile(settings.home, { url: service.url, pid: process.pid }, 'runtime-registry.json');
  return service;
});
