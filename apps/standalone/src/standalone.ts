import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MemoryBroker, type BusOptions } from '@lethe/messaging';
import { startEmbeddedDatabase } from '@lethe/persistence';
import { createLogger, type OnServing, type RunningService, type Settings, writeRuntimeFile } from '@lethe/platform';
import { startConnector } from '../../connector/src/connector.app.js';
import { startProxy } from '../../proxy/src/proxy.app.js';
import { startRegistry } from '../../registry/src/registry.app.js';
import { openTrust } from './embedded-trust.js';
import { ownHome } from './own-home.js';

/** Closes services in reverse order of their start. A failed start closes those that already run. */
class Parts {
  private readonly closers: (() => Promise<void>)[] = [];

  add<T extends { close(): Promise<void> }>(part: T): T {
    this.closers.unshift(() => part.close());
    return part;
  }

  async close(): Promise<void> {
    for (const close of this.closers.splice(0)) await close();
  }
}

/** A started Lethe, with the addresses that people need. `url` is the registry's. */
export interface Standalone extends RunningService {
  proxyUrl: string;
  home: string;
}

/**
 * Starts registry, connector and proxy in one process. Parts that the settings do not name are embedded: the database
 * in a worker thread, the bus in memory, trust keys created at the first start. Writes `${home}/runtime.json` when
 * everything has started.
 * @param onServing called when the proxy listens, before everything has started
 */
export async function startStandalone(settings: Settings, onServing?: OnServing): Promise<Standalone> {
  const release = await ownHome(settings.home);
  const parts = new Parts();
  parts.add({ close: () => Promise.resolve(release()) });
  try {
    const databaseUrl =
      settings.databaseUrl ?? parts.add(await startEmbeddedDatabase(join(settings.home, 'database'))).url;
    const runtimeFile = join(settings.home, 'runtime.json');
    await rm(runtimeFile, { force: true });
    const trust = await openTrust(settings);
    const broker = new MemoryBroker();
    const bus = (service: string): BusOptions =>
      settings.natsUrl ? { natsUrl: settings.natsUrl, service } : { broker, service };

    const registryBus = { ...bus('registry'), replicas: settings.natsReplicas };
    const registry = parts.add(await startRegistry({ settings, trust, databaseUrl, bus: registryBus }));
    const connector = parts.add(await startConnector({ settings, trust, bus: bus('connector') }));
    const proxyServes: OnServing = (running) => {
      parts.add(running);
      onServing?.({ url: running.url, close: () => parts.close() });
    };
    const proxy = await startProxy({ settings, trust, bus: bus('proxy'), onServing: proxyServes });
    await writeRuntimeFile(settings.home, {
      registryUrl: registry.url,
      proxyUrl: proxy.url,
      doorUrl: connector.doorUrl ?? null,
      pids: [process.pid],
    });
    parts.add({ close: () => rm(runtimeFile, { force: true }) });
    createLogger('standalone', settings.logLevel).info(
      `Lethe has started: admin API ${registry.url}/docs (token in ${join(settings.home, 'admin-token')}), ` +
        `virtual servers at ${proxy.url}/servers/<slug>/mcp`,
    );
    return { url: registry.url, proxyUrl: proxy.url, home: settings.home, close: () => parts.close() };
  } catch (error) {
    await parts.close();
    throw error;
  }
}
