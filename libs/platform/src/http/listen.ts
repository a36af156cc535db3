import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { endConnectionsAtClose } from './connections-at-close.js';
import { StartError } from '../start.error.js';

/** Where to listen, and which setting decides the port. */
export interface ListenAddress {
  setting: 'REGISTRY_PORT' | 'PROXY_PORT' | 'CONNECTOR_PORT';
  port: number;
  host: string;
}

/**
 * Listens and returns the address without a trailing slash.
 * @throws StartError when another process uses the port, or this user may not listen on it
 */
export async function listen(app: NestFastifyApplication, { setting, port, host }: ListenAddress): Promise<string> {
  endConnectionsAtClose(app.getHttpAdapter().getInstance());
  try {
    await app.listen(port, host);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new StartError(`${setting}: ${port} is in use by another process; 0 selects any free port`);
    if (code === 'EACCES') throw new StartError(`${setting}: this user may not listen on ${port}`);
    throw error;
  }
  return (await app.getUrl()).replace(/\/$/, '');
}
