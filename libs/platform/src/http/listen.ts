import type { Server } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
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

/** As `listenOn`, for an application of Nest. */
export async function listen(app: NestFastifyApplication, address: ListenAddress, logger: Logger): Promise<string> {
  const fastify = app.getHttpAdapter().getInstance();
  return listenOn(fastify, address, logger, () => app.listen(address.port, address.host));
}

/**
 * Listens, logs the address it is bound to, and returns a URL that reaches it from this machine, without a trailing slash:
 * for 0.0.0.0 that of loopback.
 * @param begin listens, if more belongs to that than to let Fastify do it
 * @throws StartError when another process uses the port, or this user may not listen on it
 */
export async function listenOn(
  fastify: FastifyInstance,
  { service, setting, port, host }: ListenAddress,
  logger: Logger,
  begin: () => Promise<unknown> = () => fastify.listen({ port, host }),
): Promise<string> {
  endConnectionsAtClose(fastify, LAST_REQUESTS_MS[service]);
  try {
    await begin();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new StartError(`${setting}: ${port} is in use by another process; 0 selects any free port`);
    if (code === 'EACCES') throw new StartError(`${setting}: this user may not listen on ${port}`);
    throw error;
  }
  const bound = fastify.server.address();
  logger.info(`The ${service} listens at ${boundTo(bound)}`);
  return boundTo(bound, REACHING);
}

/** The address of this machine that reaches what is bound to all addresses. */
const REACHING: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

function boundTo(given: ReturnType<Server['address']>, instead: Readonly<Record<string, string>> = {}): string {
  if (given === null || typeof given === 'string') return String(given);
  const address = instead[given.address] ?? given.address;
  return `http://${address.includes(':') ? `[${address}]` : address}:${given.port}`;
}
