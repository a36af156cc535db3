import type { EmbeddedDatabase } from '@lethe/embedded';
import type { OnServing, RunningService, Settings } from '@lethe/platform';
import type { Trust } from '@lethe/sealing';
import { consoleOrigins } from './console-origins.js';
import type { Parts } from './parts.js';

/** What the services need. The promises are of what starts while their code is loaded. */
export interface ServicesStart {
  settings: Settings;
  trust: Promise<Trust>;
  database: Promise<EmbeddedDatabase>;
  /** Gets all that was started, in the order of dependence. */
  parts: Parts;
  /** Called when the proxy listens, before everything has started. */
  onServing?: OnServing;
}

/** Addresses of the started services. */
export interface StartedServices {
  url: string;
  consoleUrl: string | undefined;
  proxyUrl: string;
  doorUrl: string | undefined;
}

/** The code of the services, loaded one after another. */
function loadServices() {
  const bus = import('./embedded-bus.js');
  // First: its one-shot processes start while the registry's code is loaded and its database is opened.
  const connector = bus.then(() => import('../../connector/src/connector.app.js'));
  const registry = connector.then(() => import('../../registry/src/registry.app.js'));
  const proxy = registry.then(() => import('../../proxy/src/proxy.app.js'));
  return { bus, connector, registry, proxy };
}

/** Loads the services and starts them side by side, as far as they do not need each other. */
export async function startServices(start: ServicesStart): Promise<StartedServices> {
  const { settings, parts, database, trust } = start;
  const code = loadServices();
  const bus = code.bus.then(({ busOf }) => busOf(settings));

  const startRegistry = async () => {
    const [app, busFor, keys, opened] = await Promise.all([code.registry, bus, trust, database]);
    const registryBus = { ...busFor('registry'), replicas: settings.natsReplicas };
    const ownProxy = () => parts.proxyUrl;
    return app.startRegistry({ settings, trust: keys, databaseUrl: opened.url, bus: registryBus, ownProxy });
  };
  const startConnector = async (announceAfter: Promise<unknown>) => {
    const [app, busFor, keys] = await Promise.all([code.connector, bus, trust]);
    return app.startConnector({ settings, trust: keys, bus: busFor('connector'), announceAfter });
  };
  const startProxy = async (registryUrl: string): Promise<RunningService> => {
    const [app, busFor, keys] = await Promise.all([code.proxy, bus, trust]);
    const pageOrigins = consoleOrigins(settings, registryUrl);
    const onServing: OnServing = (running) => {
      parts.proxyUrl = parts.add(running).url;
      start.onServing?.({ url: running.url, close: () => parts.close() });
    };
    return app.startProxy({ settings, trust: keys, bus: busFor('proxy'), onServing, pageOrigins });
  };

  const registryStarts = startRegistry();
  const started = parts.addAll(database, registryStarts, startConnector(registryStarts));
  // Whatever fails, the others are added to the parts first.
  await Promise.allSettled([started, code.proxy]);
  const [, registry, connector] = await started;
  const proxy = await startProxy(registry.url);
  return { url: registry.url, consoleUrl: registry.consoleUrl, proxyUrl: proxy.url, doorUrl: connector.doorUrl };
}
