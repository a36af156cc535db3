import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Admin } from './admin.js';
import { makeHome, removeHome, runtimeOf, type ServiceProcess, startProcess } from './processes.js';

/** `npm start` on free ports in an empty data directory. */
export interface Embedded {
  home: string;
  registryUrl: string;
  proxyUrl: string;
  doorUrl: string | null;
  process: ServiceProcess;
  admin: Admin;
  /**
   * Starts it again on the same data directory after `process.stop()` or `process.kill()`.
   * @param root where the build of another version is
   */
  restart(root?: string): Promise<void>;
  stop(): Promise<void>;
}

interface Runtime {
  registryUrl: string;
  proxyUrl: string;
  doorUrl: string | null;
  pids: number[];
}

const FREE_PORTS = { REGISTRY_PORT: '0', PROXY_PORT: '0', DOOR_PORT: '0' };

export async function startEmbedded(env: Record<string, string> = {}, firstRoot?: string): Promise<Embedded> {
  const home = await makeHome();
  const start = async (root?: string) => {
    const process = startProcess('standalone', home, { ...FREE_PORTS, ...env }, 'standalone', root);
    const runtime = await runtimeOf<Runtime>(process, join(home, 'runtime.json'));
    const token = (await readFile(join(home, 'admin-token'), 'utf8')).trim();
    return { process, ...runtime, admin: new Admin(runtime.registryUrl, token) };
  };
  const embedded: Embedded = {
    home,
    ...(await start(firstRoot)),
    restart: async (root) => {
      await rm(join(home, 'runtime.json'), { force: true });
      Object.assign(embedded, await start(root));
    },
    stop: async () => {
      await embedded.process.stop();
      await removeHome(home);
    },
  };
  return embedded;
}
