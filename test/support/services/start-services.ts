import { chromiumBinary } from './chromium-binary.js';
import { natsServerBinary } from './nats-server-binary.js';
import { postgresBinaries } from './postgres-binaries.js';
import { startPostgresCluster } from './postgres-cluster.js';
import { CHROMIUM, NATS_SERVER, POSTGRES_URL } from './service-variables.js';

/** The services of one run. Tests and the processes of a benchmark find them by environment variables. */
export interface Services {
  /** What cannot be had here, and why. */
  missing: { service: string; why: string }[];
  stop(): Promise<void>;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Finds or brings PostgreSQL and nats-server. PostgreSQL runs until `stop`; each test starts its own nats-server.
 * @param withBrowser brings Chromium, too
 * @param withDatabase false: no PostgreSQL
 */
export async function startServices({ withBrowser = false, withDatabase = true } = {}): Promise<Services> {
  const missing: Services['missing'] = [];
  const bring = (service: string, variable: string, find: () => string) => {
    try {
      process.env[variable] = find();
    } catch (error) {
      missing.push({ service, why: reasonOf(error) });
    }
  };
  let stop = () => Promise.resolve();
  bring('nats-server', NATS_SERVER, natsServerBinary);
  if (withBrowser) bring('Chromium', CHROMIUM, chromiumBinary);
  if (!withDatabase) return { missing, stop };
  try {
    const cluster = await startPostgresCluster(postgresBinaries());
    process.env[POSTGRES_URL] = cluster.url;
    stop = cluster.stop;
  } catch (error) {
    missing.push({ service: 'PostgreSQL', why: reasonOf(error) });
  }
  return { missing, stop };
}
