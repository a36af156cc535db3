import { isDatabaseAvailable } from './database.js';
import { isNatsServerAvailable } from './nats-server.js';

/** Whether a real PostgreSQL and a real nats-server can be used here. In CI they must be there. */
export async function realPartsAvailable(): Promise<boolean> {
  const available = (await isDatabaseAvailable('postgres')) && isNatsServerAvailable();
  if (!available) console.warn('skipped: needs PostgreSQL at 127.0.0.1:5432 and a nats-server on PATH');
  return available;
}
