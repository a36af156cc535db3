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
  let begunAgain = 0;
  let turn = 0;

  async function repeat(kind: keyof Done, once: () => Promise<string | undefined>): Promise<void> {
    while (!leave.signal.aborted) {
      const failure = await once().catch((error: unknown) => String(error));
      if (failure === undefined) done[kind] += 1;
      else failures.push(`${kind}: ${failure}`);
      await pause(PACE_MS);
    }
  }

  const answered = ({ status, text }: { status: number; text: string }, expected: string): string | undefined =>
    status === 200 && text.includes(expected) ? undefined : `${status} ${text.slice(0, 300)}`;

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
    return state === 'verified' ? undefined : `${state} ${code}`;
  }

  function refusal({ status, body }: { status: number; body: { code?: unknown } }): string | undefined {
    if (!AGAIN.has(String(body.code))) return `${status} ${String(body.code)}`;
    begunAgain += 1;
    return undefined;
  }

  const call = { name: 'echo', arguments: { text: 'steady' } };
  const running = Promise.all([
    repeat('legacy', async () => answered(await legacy(url, 'tools/call', call, session), 'steady')),
    repeat('modern', async () => answered(await modern(url, 'tools/call', call, caller), 'steady')),
    repeat('list', async () => answered(await legacy(url, 'tools/list', {}, session), 'echo')),
    repeat('verification', verification),
  ]);
  return {
    failures,
    done,
    get begunAgain() {
      return begunAgain;
    },
    stop: async () => {
      leave.abort();
      await running;
    },
  };
}
