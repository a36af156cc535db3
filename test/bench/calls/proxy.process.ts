import { join } from 'node:path';
import { MemoryBroker } from '@lethe/messaging';
import { readSettings } from '@lethe/platform';
import { initTrust, loadTrust } from '@lethe/sealing';
import { startProxy } from '../../../apps/proxy/src/proxy.app.js';
import { PublishedRoutes } from '../../support/published-routes.js';
import { answerBenchmark } from './answering.js';
import { UPSTREAM_TOKEN } from './messages.js';
import { CALLER_ROLES, virtualServers } from './servers.js';

interface Given {
  home: string;
  upstreams: string[];
  /** Settings that are not the defaults. */
  env: NodeJS.ProcessEnv;
}

/** Lethe's proxy as it is built, with its default settings: call log and metrics on. Only the bus is in this process. */
const { home, upstreams, env }: Given = JSON.parse(process.argv[2] ?? '{}');
await initTrust(join(home, 'trust'), new Date());
const trust = await loadTrust(join(home, 'trust'));
const broker = new MemoryBroker();
const routes = new PublishedRoutes(broker, trust);
const settings = readSettings({ LETHE_HOME: home, PROXY_PORT: '0', LETHE_KEPT_CREDENTIALS: 'on', ...env });
const manifests = await Promise.all(virtualServers(upstreams).map((server) => routes.publish(server)));
const token = UPSTREAM_TOKEN.slice('Bearer '.length);
for (const { gateways } of manifests) {
  for (const gateway of gateways)
    if (gateway.credential === 'kept') await routes.keep(gateway, { scheme: 'bearer', token });
}
const servers = manifests.map(({ id }) => id);
const key = await routes.key(servers, { roles: [...CALLER_ROLES] });
const { url } = await startProxy({ settings, bus: { broker, service: 'proxy' }, trust });
answerBenchmark({ url, key });
