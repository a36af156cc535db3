import type { Server } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '../logging/logger.js';
import { endConnectionsAtClose } from './connections-at-close.js';
import { StartError } from '../start.error.js';

/** Who listens where, and which setting decides the port. */
export interface ListenAddress {
  service: 'registry' | 'proxy' | 'connector';
  setting: 'REGISTRY_PORT' | 'PROXY_PORT' | 'CONNECTOR_PORT';
  port: number;
  host: string;
}

/**
 * How long requests may still run when a service ends. Opening a verification may take the registry 9 s. A proxy has waited for
 * its calls before.
 */
const LAST_REQUESTS_MS = { registry: 10_000, connector: 4_000, proxy: 4_000 };

/**
 * Listens, logs the address it is bound to, and returns a URL that reaches it from this machine, without a trailing slash:
 * for 0.0.0.0 that of loopback.
 * @throws StartError when another process uses the port, or this user may not listen on it
 */
export async function listen(
  app: NestFastifyApplication,
  { service, setting, port, host }: ListenAddress,
  logger: Logger,
): Promise<string> {
  endConnectionsAtClose(app.getHttpAdapter().getInstance(), LAST_REQUESTS_MS[service]);
  try {
    await app.listen(port, host);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new StartError(`${setting}: ${port} is in use by another process; 0 selects any free port`);
    if (code === 'EACCES') throw new StartError(`${setting}: this user may not listen on ${port}`);
    throw error;
  }
  logger.info(`The ${service} listens at ${boundTo(app.getHttpServer().address())}`);
  return (await app.getUrl()).replace(/\/$/, '');
}

function boundTo(given: ReturnType<Server['address']>): string {
  if (given === null || typeof given === 'string') return String(given);
  const { address, port } = given;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}
