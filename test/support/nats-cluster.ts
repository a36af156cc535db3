import { rm } from 'node:fs/promises';
import { type NatsServer, startNatsServer } from './nats-server.js';
import { freePort } from './upstreams/loopback-server.js';

/** A server of a cluster. */
export interface NatsClusterServer extends NatsServer {
  name: string;
  /** SIGSTOP: its connections stay open and nothing is answered, as behind a network that drops packets. */
  freeze(): void;
  thaw(): void;
  /** Whether it has all that the others have: until then, nothing may happen to another one. */
  isCurrent(): Promise<boolean>;
}

/** Real nats-servers as one cluster with JetStream. */
export interface NatsCluster {
  /** The URLs of all servers, separated by commas, without a user. */
  url: string;
  servers: NatsClusterServer[];
  /** Kills all servers, removes what JetStream stored, and starts them again. */
  wipe(): Promise<void>;
  /** Ends all servers and removes their files. */
  stop(): Promise<void>;
}

/** `config` is the text of a configuration file for each server, without a `server_name` of its own. */
export async function startNatsCluster(size: number, config = ''): Promise<NatsCluster> {
  // Each server must know those of the others before they start.
  const ports = await Promise.all(Array.from({ length: size }, freePort));
  const routes = ports.map((port) => `nats-route://127.0.0.1:${port}`);
  const start = async (port: number, index: number): Promise<NatsClusterServer> => {
    const name = `nats-${index}`;
    const cluster = `cluster { name: lethe, listen: "127.0.0.1:${port}", routes: [${routes.join(', ')}] }`;
    // One alone would wait for others before it stores anything.
    const own = `server_name: ${name}\nhttp: "127.0.0.1:-1"\n${size > 1 ? cluster : ''}\n`;
    const server = await startNatsServer({ config: `${config}\n${own}` });
    const signal = (what: NodeJS.Signals): void => void process.kill(server.pid, what);
    const isCurrent = async (): Promise<boolean> => {
      const answer = await fetch(`${server.monitorUrl}/healthz`).catch(() => undefined);
      return answer?.ok === true;
    };
    return Object.assign(server, {
      name,
      isCurrent,
      freeze: () => signal('SIGSTOP'),
      thaw: () => signal('SIGCONT'),
    });
  };
  const servers = await Promise.all(ports.map(start));
  return {
    url: servers.map(({ url }) => url).join(','),
    servers,
    wipe: async () => {
      await Promise.all(servers.map((server) => server.kill()));
      await Promise.all(servers.map(({ storeDir }) => rm(storeDir, { recursive: true, force: true })));
      await Promise.all(servers.map((server) => server.restart()));
    },
    // One that is frozen would not see that it shall end.
    stop: async () => {
      await Promise.all(servers.map(async (server) => (await server.kill(), server.stop())));
    },
  };
}
