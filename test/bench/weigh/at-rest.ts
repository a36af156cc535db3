import { setTimeout as pause } from 'node:timers/promises';
import { makeHome, removeHome } from '../../support/processes.js';
import { spreadOf } from '../spread.js';
import { freePort } from '../../support/upstreams/loopback-server.js';
import type { World } from '../scale/world.js';
import type { Build } from './builds.js';
import { memorySample, type Sample } from './figures.js';
import type { Options } from './options.js';
import { canReadMemory, memoryOfTree, slotsBelow } from './process-memory.js';
import { type ProxyStart, startBareNode, type Ready, startEmbedded, startProxy, whileRuns } from './services.js';

type Wanted = Pick<Options, 'idleSeconds' | 'isRatios'>;

/** A bare process is started so often: one start takes no longer than the clock of a busy machine is wrong by. */
const BARE_STARTS = 5;
/** What a bare process does after it listens takes no longer. */
const BARE_IDLE_MS = 500;
/** Nobody listens there. */
const NO_BUS = 'nats://127.0.0.1:9';

/** A bare Node.js process: what it takes to start, and what it holds. */
export async function weighBareNode(): Promise<Sample> {
  const home = await makeHome();
  const starts: Ready[] = [];
  try {
    while (starts.length < BARE_STARTS) {
      starts.push(await whileRuns(startBareNode(home), (ready) => Promise.resolve(ready)));
    }
    const memory = await whileRuns(startBareNode(home), async ({ process }) => {
      await pause(BARE_IDLE_MS);
      return atRest('node', process.pid);
    });
    const readyS = spreadOf(starts.map((start) => start.readyS)).median;
    const cpu = starts.flatMap(({ cpuS }) => cpuS ?? []);
    return { 'node.readyS': readyS, ...(cpu.length > 0 && { 'node.readyCpuS': spreadOf(cpu).median }), ...memory };
  } finally {
    await removeHome(home);
  }
}

/** As many slots as a connector of its own keeps ready. */
const SLOTS = { LETHE_SLOTS: '4' };

/** All services in one process: its first start, a later one, and what it holds at rest. */
export async function weighEmbedded(build: Build, wanted: Wanted): Promise<Sample> {
  const home = await makeHome();
  try {
    const first = await whileRuns(startEmbedded(build, home), async (ready): Promise<Sample> => {
      const start = startSample('embedded.first', ready);
      if (wanted.isRatios) return start;
      await pause(wanted.idleSeconds * 1_000);
      return { ...start, ...atRest('embedded.first', ready.process.pid) };
    });
    return await whileRuns(startEmbedded(build, home), async (ready): Promise<Sample> => {
      await pause(wanted.idleSeconds * 1_000);
      return { ...first, ...startSample('embedded.later', ready), ...atRest('embedded', ready.process.pid) };
    });
  } finally {
    await removeHome(home);
  }
}

/** What the slots hold that wait. */
export async function weighSlots(build: Build, { idleSeconds }: Wanted): Promise<Sample> {
  const home = await makeHome();
  try {
    return await whileRuns(startEmbedded(build, home, SLOTS), async ({ process }) => {
      await pause(idleSeconds * 1_000);
      return slotAtRest(process.pid);
    });
  } finally {
    await removeHome(home);
  }
}

/** A proxy alone: its first start, one with the file of the first, one with that and no bus; what it holds at rest. */
export async function weighProxy(build: Build, { natsUrl, trustDir }: World, wanted: Wanted): Promise<Sample> {
  const home = await makeHome();
  const start = { home, port: await freePort(), natsUrl, trustDir };
  const started = (of: string, given: ProxyStart): Promise<Sample> =>
    whileRuns(startProxy(build, given), (proxy) => Promise.resolve(startSample(of, proxy)));
  try {
    const first = await whileRuns(startProxy(build, start), async (proxy): Promise<Sample> => {
      await pause(wanted.idleSeconds * 1_000);
      return { ...startSample('proxy.first', proxy), ...atRest('proxy', proxy.process.pid) };
    });
    const later = { ...first, ...(await started('proxy.later', start)) };
    // It waits for the bus before it takes what the file says.
    if (wanted.isRatios) return later;
    return { ...later, ...(await started('proxy.withoutBus', { ...start, natsUrl: NO_BUS })) };
  } finally {
    await removeHome(home);
  }
}

function startSample(of: string, { readyS, cpuS }: Ready): Sample {
  return { [`${of}ReadyS`]: readyS, ...(cpuS !== undefined && { [`${of}ReadyCpuS`]: cpuS }) };
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
