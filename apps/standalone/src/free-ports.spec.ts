import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { withFreePorts } from './free-ports.js';

describe('the ports of a first start', () => {
  const servers: ReturnType<typeof createServer>[] = [];
  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  /** Another process already uses the registry's default port. */
  async function take(port: number): Promise<void> {
    const server = createServer();
    await Promise.race([once(server.listen(port, '127.0.0.1'), 'listening'), once(server, 'error')]).catch(
      () => undefined,
    );
    servers.push(server);
  }

  it('are any free ones where the usual one is taken', async () => {
    await take(4400);
    expect(await withFreePorts({})).toMatchObject({ REGISTRY_PORT: '0' });
  });

  it('are never others than the chosen ones', async () => {
    await take(4400);
    expect(await withFreePorts({ REGISTRY_PORT: '4400', PROXY_PORT: '1', DOOR_PORT: '2' })).toEqual({
      REGISTRY_PORT: '4400',
      PROXY_PORT: '1',
      DOOR_PORT: '2',
    });
  });
});
