import { type Observation, observe, type Questions } from './observe.js';
import type { Relay } from './relay.js';
import type { SdkClientName } from './sdk-clients.js';

/** What an observation cost the upstream. */
export interface Cost {
  /** `tools/call` requests. */
  calls: number;
  /** `initialize` requests. */
  sessions: number;
}

/** One server seen by one client: directly, and through Lethe. */
export interface Comparison {
  client: SdkClientName;
  direct: Observation;
  through: Observation;
  cost: { direct: Cost; through: Cost };
}

/** Where a server is asked: directly at a relay that is also the upstream of the virtual server. */
export interface ComparedEndpoints {
  relay: Relay;
  lethe: string;
  questions: Questions;
  headers?: { direct: Record<string, string>; through: Record<string, string> };
}

/** Asks the same by the same client in both ways, one after the other. */
export async function compare(
  { relay, lethe, questions, headers }: ComparedEndpoints,
  client: SdkClientName,
): Promise<Comparison> {
  const costOf = async (asking: Promise<Observation>): Promise<[Observation, Cost]> => {
    relay.asked.length = 0;
    const seen = await asking;
    const count = (method: string): number => relay.asked.filter((one) => one === method).length;
    return [seen, { calls: count('tools/call'), sessions: count('initialize') }];
  };
  const [direct, directCost] = await costOf(observe(relay.url, client, questions, headers?.direct));
  const [through, throughCost] = await costOf(observe(lethe, client, questions, headers?.through));
  return { client, direct, through, cost: { direct: directCost, through: throughCost } };
}
