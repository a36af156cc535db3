import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryBroker } from '@lethe/messaging';
import { readSettings } from '@lethe/platform';
import { startConnector } from '../../apps/connector/src/connector.app.js';
import { startProxy } from '../../apps/proxy/src/proxy.app.js';
import { startRegistry } from '../../apps/registry/src/registry.app.js';
import { Admin } from './admin.js';
import { bundleChild } from './connector/child-bundle.js';
import { isDatabaseAvailable, startTestDatabase } from './database.js';
import type { AnyLethe } from './open-server.js';
import { testTrust } from './trust.js';

/** Registry, connector and proxy of the sources in this process, on the embedded bus: everything is real. */
export interface WholeLethe extends AnyLethe {
  close(): Promise<void>;
}

/** @param env settings beside those of every test */
export async function startWholeLethe(env: NodeJS.ProcessEnv = {}): Promise<WholeLethe> {
  const home = await mkdtemp(join(tmpdir(), 'lethe-whole-'));
  const database = await startTestDatabase(isDatabaseAvailable('postgres') ? 'postgres' : 'embedded');
  const bundle = await bundleChild();
  const trust = testTrust();
  const broker = new MemoryBroker();
  const ports = { REGISTRY_PORT: '0', PROXY_PORT: '0', DOOR_PORT: '0' };
  const settings = readSettings({ LETHE_HOME: home, LETHE_LOG_LEVEL: 'silent', ...ports, ...env });
  const bus = (service: string) => ({ broker, service });
  const registry = await startRegistry({ settings, trust, databaseUrl: database.url, bus: bus('registry') });
  const connector = await startConnector({ settings, trust, bus: bus('connector'), childFile: bundle.file });
  const proxy = await startProxy({ settings, trust, bus: bus('proxy') });
  return {
    admin: new Admin(registry.url, (await readFile(join(home, 'admin-token'), 'utf8')).trim()),
    proxyUrl: proxy.url,
    close: async () => {
      for (const service of [proxy, connector, registry, database]) await service.close();
      await bundle.remove();
      await rm(home, { recursive: true, force: true });
    },
  };
}
