import { natsServerBinary } from './nats-server-binary.js';
import { postgresBinaries } from './postgres-binaries.js';
import { startPostgresCluster } from './postgres-cluster.js';
import { NATS_SERVER, POSTGRES_URL } from './service-variables.js';

/** The services of one run. Tests and the processes of a benchmark find them by environment variables. */
export interface Services {
  /** What cannot be had here, and why. */
  missing: { service: string; why: string }[];
  stop(): Promise<void>;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Finds or brings PostgreSQL and nats-server. PostgreSQL runs until `stop`; each test starts its own nats-server. */
export async function startServices(): Promise<Services> {
  const missing: Services['missing'] = [];
  let stop = () => Promise.resolve();
  try {
    process.env[NATS_SERVER] = natsServerBinary();
  } catch (error) {
    missing.push({ service: 'nats-server', why: reasonOf(error) });
  }
  try {
    const cluster = await startPostgresCluster(postgresBinaries());
    process.env[POSTGRES_URL] = cluster.url;
    stop = cluster.stop;
  } catch (error) {
    missing.push({ service: 'PostgreSQL', why: reasonOf(error) });
  }
  return { missing, stop };
}
