import { once } from 'node:events';
import { createServer } from 'node:net';
import { SETTINGS_TABLE } from '@lethe/platform';

const PORTS = new Set(['REGISTRY_PORT', 'PROXY_PORT', 'DOOR_PORT']);

/**
 * Returns the environment with a free port for each setting whose default port is in use, so that a first start works
 * beside other programs. A chosen port is never changed: if it is in use, the start fails and names it.
 */
export async function withFreePorts(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const rows = SETTINGS_TABLE.filter(({ variable }) => PORTS.has(variable) && !env[variable]);
  const freed = await Promise.all(
    rows.map(async (row) => {
      const isFree = row.fallback !== undefined && (await canListen(Number(row.fallback), env['HOST']));
      return isFree ? [] : [[row.variable, '0'] as const];
    }),
  );
  return { ...env, ...Object.fromEntries(freed.flat()) };
}

async function canListen(port: number, host = '127.0.0.1'): Promise<boolean> {
  const probe = createServer();
  try {
    await once(probe.listen(port, host), 'listening');
    probe.close();
    await once(probe, 'close');
    return true;
  } catch {
    return false;
  }
}
