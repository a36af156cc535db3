import { once } from 'node:events';
import { createServer } from 'node:net';
import { SETTINGS_TABLE } from '@lethe/platform';

const PORTS = new Set(['REGISTRY_PORT', 'PROXY_PORT', 'DOOR_PORT']);

/**
 * The environment, with any free port where nobody chose one and somebody else has the usual one: a first start works
 * beside whatever runs. A port that was chosen is never changed; if it is taken the start fails and names it.
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
