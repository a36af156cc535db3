import { setTimeout as pause } from 'node:timers/promises';
import { legacy, modern } from '../proxy/rpc.js';

/** Between two calls of a client: what changes meanwhile needs the processor, too. */
const PACE_MS = 20;

/** One call: where, what and as whom. */
export interface KeptCall {
  endpoint: string;
  key: string;
  mark: string;
}

/** Calls `echo` without a credential of the caller's. @returns `done`, or why not */
export async function callKept(
  { endpoint, key, mark }: KeptCall,
  era: 'legacy' | 'modern' = 'legacy',
): Promise<string> {
  const params = { name: 'echo', arguments: { mark } };
  const send = era === 'legacy' ? legacy : modern;
  const { status, body, text } = await send(endpoint, 'tools/call', params, { authorization: `Bearer ${key}` });
  const reason = /"reason":"(\w+)"/.exec(text)?.[1];
  return reason ?? body.result?.content?.[0]?.text ?? `status ${status}`;
}

/** Clients that call all the time, each in turn at the proxies that a balancer would choose. */
export interface SteadyLoad {
  /** Calls that were answered. */
  made(): number;
  /** What calls were answered instead of `done`, or how they broke. */
  readonly failed: string[];
  /** Proxies that are called from now on. */
  setProxies(urls: readonly string[]): void;
  /** Resolves when every call has ended that has begun before. */
  begunAreOver(): Promise<void>;
  /** Resolves when so many calls were made altogether. */
  until(calls: number): Promise<void>;
  stop(): Promise<void>;
}

/** Begins to call a virtual server by both eras, with so many clients. */
export function startSteadyLoad(
  proxyUrls: readonly string[],
  { path, key, mark, clients }: { path: string; key: string; mark: string; clients: number },
): SteadyLoad {
  let proxies = proxyUrls;
  let isOver = false;
  const failed: string[] = [];
  const made = Array.from({ length: clients }, () => 0);
  const total = (): number => made.reduce((sum, calls) => sum + calls, 0);
  const run = async (client: number): Promise<void> => {
    for (let turn = client; !isOver; turn += 1) {
      const endpoint = `${proxies[turn % proxies.length]}${path}`;
      const era = client % 2 === 0 ? 'legacy' : 'modern';
      const answer = await callKept({ endpoint, key, mark }, era).catch((error: unknown) => String(error));
      if (answer !== 'done') failed.push(answer);
      made[client] = (made[client] ?? 0) + 1;
      await pause(PACE_MS);
    }
  };
  const running = Promise.all(made.map((_, client) => run(client)));
  const reaches = async (isReached: () => boolean): Promise<void> => {
    while (!isReached()) await pause(PACE_MS);
  };
  return {
    made: total,
    failed,
    setProxies: (urls) => void (proxies = urls),
    begunAreOver: () => {
      const before = [...made];
      return reaches(() => made.every((calls, client) => calls > (before[client] ?? 0)));
    },
    until: (calls) => reaches(() => total() >= calls),
    stop: async () => {
      isOver = true;
      await running;
    },
  };
}
