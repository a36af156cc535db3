import { isDatabaseAvailable } from './database.js';
import { isNatsServerAvailable } from './nats-server.js';

/** Whether this run has a real PostgreSQL and a real nats-server. */
export function realPartsAvailable(): boolean {
  return isDatabaseAvailable('postgres') && isNatsServerAvailable();
}
