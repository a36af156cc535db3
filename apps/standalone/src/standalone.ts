import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EmbeddedDatabase, startEmbeddedDatabase } from '@lethe/embedded';
import {
  createLogger,
  type OnServing,
  type RunningService,
  type Settings,
  warnAtStart,
  writeRuntimeFile,
} from '@lethe/platform';
import { openTrust } from './embedded-trust.js';
import { ownHome } from './own-home.js';
import { Parts } from './parts.js';
import { startServices } from './services.js';

/** The first database, as the build makes it. From the sources there is none, and it is created. */
const FIRST_DATABASE = import.meta.url.endsWith('.ts')
  ? undefined
  : fileURLToPath(new URL('../../../database/first.zst', import.meta.url));

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
    const runtimeFile = join(home, 'runtime.json');
    await rm(runtimeFile, { force: true });
    // Its thread starts it while this one loads the services.
    const database = startDatabase(settings);
    const started = await startServices({ settings, trust: openTrust(settings), database, parts, onServing });
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

async function startDatabase({ home, databaseUrl }: Settings): Promise<EmbeddedDatabase> {
  if (databaseUrl !== undefined) return { url: databaseUrl, close: () => Promise.resolve() };
  return startEmbeddedDatabase(join(home, 'database'), {
    ...(FIRST_DATABASE && { template: FIRST_DATABASE }),
    warn: warnAtStart,
  });
}
