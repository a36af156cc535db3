import { setTimeout as pause } from 'node:timers/promises';
import { makeHome, removeHome } from '../../support/processes.js';
import { spreadOf } from '../spread.js';
import { freePort } from '../../support/upstreams/loopback-server.js';
import type { World } from '../scale/world.js';
import type { Build } from './builds.js';
import { memorySample, type Sample } from './figures.js';
import type { Options } from './options.js';
import { canReadMemory, memoryOfTree, slotsBelow } from './process-memory.js';
import { startBareNode, type ProxyStart, startEmbedded, startProxy, whileRuns } from './services.js';

type Wanted = Pick<Options, 'parts' | 'idleSeconds' | 'isRatios'>;

/** A bare process is started so often: one start takes no longer than the clock of a busy machine is wrong by. */
const BARE_STARTS = 5;
/** What a bare process does after it listens takes no longer. */
const BARE_IDLE_MS = 500;
/** Nobody listens there. */
const NO_BUS = 'nats://127.0.0.1:9';

/** A bare Node.js process: what it takes to start, and what it holds. */
export async function weighBareNode(): Promise<Sample> {
  const home = await makeHome();
  const starts: number[] = [];
  try {
    while (starts.length < BARE_STARTS) {
      starts.push(await whileRuns(startBareNode(home), ({ readyS }) => Promise.resolve(readyS)));
    }
    const memory = await whileRuns(startBareNode(home), async ({ process }) => {
      await pause(BARE_IDLE_MS);
      return atRest('node', process.pid);
    });
    return { 'node.readyS': spreadOf(starts).median, ...memory };
  } finally {
    await removeHome(home);
  }
}

/** All services in one process: its first start, a later one, what it holds at rest, and what a waiting slot does. */
export async function weighEmbedded(build: Build, wanted: Wanted): Promise<Sample> {
  const home = await makeHome();
  try {
    const first = await whileRuns(startEmbedded(build, home), async ({ process, readyS }): Promise<Sample> => {
      if (wanted.isRatios) return { 'embedded.firstReadyS': readyS };
      await pause(wanted.idleSeconds * 1_000);
      return { 'embedded.firstReadyS': readyS, ...atRest('embedded.first', process.pid) };
    });
    return await whileRuns(startEmbedded(build, home), async ({ process: { pid }, readyS }): Promise<Sample> => {
      await pause(wanted.idleSeconds * 1_000);
      const whole = { ...first, 'embedded.laterReadyS': readyS, ...atRest('embedded', pid) };
      return { ...(wanted.parts.has('embedded') && whole), ...(wanted.parts.has('slot') && slotAtRest(pid)) };
    });
  } finally {
    await removeHome(home);
  }
}

/** A proxy alone: its first start, one with the file of the first, one with that and no bus; what it holds at rest. */
export async function weighProxy(build: Build, { natsUrl, trustDir }: World, wanted: Wanted): Promise<Sample> {
  const home = await makeHome();
  const start = { home, port: await freePort(), natsUrl, trustDir };
  const readyS = (given: ProxyStart): Promise<number> =>
    whileRuns(startProxy(build, given), (proxy) => Promise.resolve(proxy.readyS));
  try {
    const first = await whileRuns(startProxy(build, start), async (proxy): Promise<Sample> => {
      await pause(wanted.idleSeconds * 1_000);
      return { 'proxy.firstReadyS': proxy.readyS, ...atRest('proxy', proxy.process.pid) };
    });
    const later = { ...first, 'proxy.laterReadyS': await readyS(start) };
    // It waits for the bus before it takes what the file says.
    if (wanted.isRatios) return later;
    return { ...later, 'proxy.withoutBusReadyS': await readyS({ ...start, natsUrl: NO_BUS }) };
  } finally {
    await removeHome(home);
  }
}

function atRest(of: string, pid: number): Sample {
  return canReadMemory() ? memorySample(of, memoryOfTree(pid)) : {};
}

/** The median of all slots that wait, and the most that one of them has to itself. */
function slotAtRest(pid: number): Sample {
  if (!canReadMemory()) return {};
  const slots = slotsBelow(pid);
  if (slots.length === 0) throw new Error('no slot waits');
  const median = (of: 'private' | 'resident' | 'proportional') => spreadOf(slots.map((slot) => slot[of])).median;
  return {
    'slot.private': median('private'),
    'slot.privateMost': Math.max(...slots.map((slot) => slot.private)),
    'slot.resident': median('resident'),
    'slot.proportional': median('proportional'),
  };
}
