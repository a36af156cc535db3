import { until } from '../processes.js';
import { bucketsAreWhole } from './stored-events.js';
import type { Fault, Scene } from './fault.js';
import type { Replica } from './replica.js';

type Kind = 'registries' | 'connectors' | 'proxies';

function killed(kind: Kind): Fault {
  return {
    name: `kill -9 of one of the ${kind}`,
    cutsCalls: kind === 'proxies',
    make: async (scene) => {
      const replica = scene.random.one(scene.world[kind]);
      await replica.kill();
      avoid(scene, [replica]);
      return () => again(scene, [replica]);
    },
  };
}

function frozen(kind: Kind): Fault {
  return {
    name: `SIGSTOP of one of the ${kind}`,
    cutsCalls: kind === 'proxies',
    make: async (scene) => {
      const replica = scene.random.one(scene.world[kind]);
      replica.freeze();
      avoid(scene, [replica]);
      return async () => {
        replica.thaw();
        await again(scene, [replica]);
      };
    },
  };
}

/** As a balancer does that has noticed. */
function avoid({ world, load }: Scene, gone: readonly Replica[]): void {
  load.setProxies(world.proxies.filter((proxy) => !gone.includes(proxy)).map(({ url }) => url));
}

async function again({ world, load }: Scene, replicas: readonly Replica[]): Promise<void> {
  await Promise.all(replicas.map((replica) => replica.start()));
  // A balancer sends calls to what is ready.
  for (const replica of replicas)
    await until(`${replica.name} to be ready`, async () => (await replica.isReady()) || undefined);
  load.setProxies(world.proxies.map(({ url }) => url));
}

const natsKilled: Fault = {
  name: 'kill -9 of one nats-server',
  make: async ({ world, random }) => {
    const server = random.one(world.nats.servers);
    await server.kill();
    return () => server.restart();
  },
};

const natsFrozen: Fault = {
  name: 'SIGSTOP of one nats-server',
  make: async ({ world, random }) => {
    const server = random.one(world.nats.servers);
    server.freeze();
    return () => Promise.resolve(server.thaw());
  },
};

const postgresKilled: Fault = {
  name: 'kill -9 of PostgreSQL',
  make: async ({ world }) => {
    world.postgres.signal('SIGKILL');
    return () => world.postgres.restart();
  },
};

const postgresFrozen: Fault = {
  name: 'SIGSTOP of PostgreSQL',
  make: async ({ world }) => {
    world.postgres.signal('SIGSTOP');
    return () => Promise.resolve(world.postgres.signal('SIGCONT'));
  },
};

const halfOpen: Fault = {
  name: 'half-open connections to PostgreSQL',
  make: async ({ world }) => {
    world.relay.forgetConnections();
    return () => Promise.resolve();
  },
};

/** The streams and buckets are gone, as after a new NATS. */
const streamsWiped: Fault = {
  name: 'all nats-servers lose what they have stored',
  holdMs: 0,
  calls: 0,
  convergesMs: 15_000,
  isWhole: ({ world }) => bucketsAreWhole(world),
  make: async ({ world }) => {
    await world.nats.wipe();
    return () => Promise.resolve();
  },
};

/** Registries, PostgreSQL and NATS are all down; a proxy is killed and starts in that state. */
export function allDown(calls: number): Fault {
  return {
    name: 'registries, PostgreSQL and NATS all down, and a proxy that starts then',
    calls,
    make: async (scene) => {
      const { world, random } = scene;
      await Promise.all(world.registries.map((registry) => registry.kill()));
      world.postgres.signal('SIGKILL');
      await Promise.all(world.nats.servers.map((server) => server.kill()));
      const cold = random.one(world.proxies);
      avoid(scene, [cold]);
      // Calls that run there are over; none is made while it starts.
      await scene.load.calls(100);
      await cold.kill();
      await again(scene, [cold]);
      return async () => {
        await Promise.all(world.nats.servers.map((server) => server.restart()));
        await world.postgres.restart();
        await Promise.all(world.registries.map((registry) => registry.start()));
      };
    },
  };
}

/** Faults of processes and connections, which need nothing of the machine. */
export const PROCESS_FAULTS: readonly Fault[] = [
  killed('registries'),
  killed('connectors'),
  killed('proxies'),
  natsKilled,
  postgresKilled,
  frozen('registries'),
  frozen('connectors'),
  frozen('proxies'),
  natsFrozen,
  postgresFrozen,
  halfOpen,
  streamsWiped,
];
