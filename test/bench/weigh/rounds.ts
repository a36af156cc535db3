import { findGenerator } from '../load/load.js';
import { startWorld, type World } from '../scale/world.js';
import { weighBareNode, weighEmbedded, weighProxy, weighSlots } from './at-rest.js';
import { type Build, buildsOf } from './builds.js';
import type { Round, Sample } from './figures.js';
import { type LoadPlan, type Loads, loadPlan, soakPlan, weighLoaded } from './loaded.js';
import type { Options } from './options.js';
import { canReadMemory } from './process-memory.js';
import { weighSize } from './size.js';

/** Says what is done now. */
type Tell = (line: string) => void;

/** What a proxy alone serves. */
const FLEET = { servers: 100, gateways: 100, toolsPerGateway: 20 };
const NOTHING: Loads = { yardstick: {}, now: {}, before: {} };

/**
 * All that is wanted, round by round; in each the builds take turns, the other one first in every second round. nats-server
 * must be started by then.
 */
export async function weighRounds(options: Options, tell: Tell): Promise<Round[]> {
  const builds = buildsOf(options.before);
  const plans = loadPlans(options);
  const world = plans.length > 0 || options.parts.has('proxy') ? await startWorld(FLEET) : undefined;
  try {
    const rounds: Round[] = [];
    for (let n = 1; n <= options.rounds; n += 1) {
      const step = (what: string) => tell(`round ${n} of ${options.rounds}: ${what}`);
      const turns = n % 2 === 1 ? builds : builds.toReversed();
      const found = [await atRest(turns, options, world, step), await underLoads(turns, plans, world, step)];
      // A size is the same in every round.
      if (n === 1 && options.parts.has('size')) {
        step('size');
        found.push(await inTurns(turns, weighSize));
      }
      rounds.push(roundOf(found, builds));
    }
    return rounds;
  } finally {
    await world?.close();
  }
}

async function atRest(turns: readonly Build[], options: Options, world: World | undefined, step: Tell): Promise<Loads> {
  const { parts } = options;
  if (!parts.has('embedded') && !parts.has('slot') && !parts.has('proxy')) return NOTHING;
  const yardstick = await weighBareNode();
  const found = await inTurns(turns, async (build) => {
    step(`at rest, ${build.name}`);
    return {
      ...(parts.has('embedded') && (await weighEmbedded(build, options))),
      ...(parts.has('slot') && (await weighSlots(build, options))),
      ...(world !== undefined && parts.has('proxy') && (await weighProxy(build, world, options))),
    };
  });
  return { ...found, yardstick };
}

type NamedPlan = readonly ['load' | 'soak', LoadPlan];

/** Only memory is looked at under load. */
function loadPlans({ parts, idleSeconds, loadSeconds, minutes }: Options): NamedPlan[] {
  if (!canReadMemory()) return [];
  const plans: NamedPlan[] = [
    ['load', loadPlan({ idleSeconds, loadSeconds })],
    ['soak', soakPlan(idleSeconds, minutes)],
  ];
  return plans.filter(([part]) => parts.has(part));
}

async function underLoads(
  turns: readonly Build[],
  plans: readonly NamedPlan[],
  world: World | undefined,
  step: Tell,
): Promise<Loads> {
  let found = NOTHING;
  if (!world) return found;
  for (const [part, plan] of plans) {
    step(part);
    found = merged(found, await weighLoaded(part, turns, world, plan, findGenerator()));
  }
  return found;
}

async function inTurns(turns: readonly Build[], weigh: (build: Build) => Promise<Sample>): Promise<Loads> {
  let found = NOTHING;
  for (const build of turns) found = { ...found, [build.name]: await weigh(build) };
  return found;
}

function merged(one: Loads, other: Loads): Loads {
  return {
    yardstick: { ...one.yardstick, ...other.yardstick },
    now: { ...one.now, ...other.now },
    before: { ...one.before, ...other.before },
  };
}

function roundOf(found: readonly Loads[], builds: readonly Build[]): Round {
  const { yardstick, now, before } = found.reduce(merged, NOTHING);
  return builds.length > 1 ? { yardstick, now, before } : { yardstick, now };
}
