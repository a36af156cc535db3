import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, VerificationView } from '../admin.js';
import { legacy, modern } from '../proxy/rpc.js';

const CREDENTIAL = { scheme: 'bearer', token: 'a-token-of-the-upstream' } as const;
/** A slot or registry that is just ending is told so; a client then begins again, as the pages say. */
const AGAIN = new Set(['slot_gone', 'no_slot', 'too_many_slots']);

/** Between two calls: the services that start meanwhile need the processor too. */
const PACE_MS = 10;

/** What goes on while services are replaced. */
export interface SteadyWork {
  /** The endpoint of the virtual server, behind the balancer. */
  url: string;
  caller: Record<string, string>;
  /** Headers of one legacy session that lasts throughout. */
  session: Record<string, string>;
  /** Registries that run; the list changes. */
  admins: Admin[];
  gateway: string;
}

/** How often each kind of work was done. */
export type Done = Record<'legacy' | 'modern' | 'list' | 'verification', number>;

/** Calls, lists and verifications one after the other, until they are stopped. Whatever fails is noted. */
export function startSteadyLoad({ url, caller, session, admins, gateway }: SteadyWork) {
  const failures: string[] = [];
  const done: Done = { legacy: 0, modern: 0, list: 0, verification: 0 };
  const leave = new AbortController();
  let turn = 0;

  async function repeat(kind: keyof Done, once: () => Promise<string | undefined>): Promise<void> {
    while (!leave.signal.aborted) {
      const failure = await once().catch((error: unknown) => String(error));
      if (failure !== undefined) failures.push(`${kind}: ${failure}`);
      await pause(PACE_MS);
    }
  }

  async function call(kind: keyof Done, answer: Promise<{ status: number; text: string }>, expected: string) {
    const { status, text } = await answer;
    if (status !== 200 || !text.includes(expected)) return `${status} ${text.slice(0, 300)}`;
    done[kind] += 1;
    return undefined;
  }

  /** Begun at one registry and continued at the next one, which may have another version. */
  async function verification(): Promise<string | undefined> {
    const pair = [admins[turn % admins.length], admins[(turn + 1) % admins.length]] as const;
    turn += 1;
    const [first, second = first] = pair;
    if (first === undefined || second === undefined) throw new Error('no registry runs');
    const opened = await first.request<VerificationView>('POST', `/gateways/${gateway}/verifications`, {});
    if (opened.status >= 300) return refusal(opened);
    const put = await second.putCredential(opened.body, await second.seal(opened.body, CREDENTIAL));
    if (put.status >= 300) return refusal(put);
    const { state, code } = await first.finished(gateway, opened.body.id);
    if (state !== 'verified') return `${state} ${code}`;
    done.verification += 1;
    return undefined;
  }

  function refusal({ status, body }: { status: number; body: { code?: unknown } }): string | undefined {
    return AGAIN.has(String(body.code)) ? undefined : `${status} ${String(body.code)}`;
  }

  const echo = { name: 'echo', arguments: { text: 'steady' } };
  const running = Promise.all([
    repeat('legacy', () => call('legacy', legacy(url, 'tools/call', echo, session), 'steady')),
    repeat('modern', () => call('modern', modern(url, 'tools/call', echo, caller), 'steady')),
    repeat('list', () => call('list', legacy(url, 'tools/list', {}, session), 'echo')),
    repeat('verification', verification),
  ]);
  return {
    failures,
    done,
    stop: async () => {
      leave.abort();
      await running;
    },
  };
}
