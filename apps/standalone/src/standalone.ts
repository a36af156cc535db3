import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MemoryBroker, type BusOptions } from '@lethe/messaging';
import { startEmbeddedDatabase } from '@lethe/persistence';
import { createLogger, type OnServing, type RunningService, type Settings, writeRuntimeFile } from '@lethe/platform';
import { startConnector } from '../../connector/src/connector.app.js';
import { startProxy } from '../../proxy/src/proxy.app.js';
import { startRegistry } from '../../registry/src/registry.app.js';
import { consoleOrigins } from './console-origins.js';
import { openTrust } from './embedded-trust.js';
import { ownHome } from './own-home.js';

/** Closes services in reverse order of their start. A failed start closes those that already run. */
class Parts {
  /** Undefined until the proxy listens. */
  proxyUrl: string | undefined;
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
  /** Undefined where the console is not served. */
  consoleUrl: string | undefined;
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
  const { home } = settings;
  const release = await ownHome(home);
  const parts = new Parts();
  parts.add({ close: () => Promise.resolve(release()) });
  try {
    const databaseUrl = settings.databaseUrl ?? parts.add(await startEmbeddedDatabase(join(home, 'database'))).url;
    const runtimeFile = join(home, 'runtime.json');
    await rm(runtimeFile, { force: true });
    const started = await startServices(settings, databaseUrl, parts, onServing);
    const { url, consoleUrl, proxyUrl, doorUrl = null } = started;
    await writeRuntimeFile(home, { registryUrl: url, proxyUrl, doorUrl, pids: [process.pid] });
    parts.add({ close: () => rm(runtimeFile, { force: true }) });
    const token = `(token in ${join(home, 'admin-token')})`;
    createLogger('standalone', settings.logLevel).info(
      `Lethe has started: ${consoleUrl === undefined ? '' : `console ${consoleUrl}, `}admin API ${url}/docs ${token}, ` +
        `virtual servers at ${proxyUrl}/servers/<slug>/mcp`,
    );
    return { url, consoleUrl, proxyUrl, home, close: () => parts.close() };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

type Started = Pick<Standalone, 'url' | 'consoleUrl' | 'proxyUrl'> & { doorUrl: string | undefined };

async function startServices(
  settings: Settings,
  databaseUrl: string,
  parts: Parts,
  onServing?: OnServing,
): Promise<Started> {
  const trust = await openTrust(settings);
  const broker = new MemoryBroker();
  const bus = (service: string): BusOptions =>
    settings.natsUrl ? { natsUrl: settings.natsUrl, service } : { broker, service };

  const registryBus = { ...bus('registry'), replicas: settings.natsReplicas };
  const ownProxy = () => parts.proxyUrl;
  const registry = parts.add(await startRegistry({ settings, trust, databaseUrl, bus: registryBus, ownProxy }));
  const connector = parts.add(await startConnector({ settings, trust, bus: bus('connector') }));
  const proxyServes: OnServing = (running) => {
    parts.proxyUrl = parts.add(running).url;
    onServing?.({ url: running.url, close: () => parts.close() });
  };
  const pageOrigins = consoleOrigins(settings, registry.url);
  const proxy = await startProxy({ settings, trust, bus: bus('proxy'), onServing: proxyServes, pageOrigins });
  return { url: registry.url, consoleUrl: registry.consoleUrl, proxyUrl: proxy.url, doorUrl: connector.doorUrl };
}
