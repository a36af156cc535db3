import { askWhetherServed } from '../calls.js';
import { until } from '../processes.js';
import type { EchoUpstream } from './echo-upstreams.js';
import type { Violations } from './violations.js';
import type { World } from './world.js';

const SERVER_EVERY_MS = 1_000;
const AT_ONCE = 8;

/** Changes and verifications that a registry has accepted. Whatever fails meanwhile, they take effect. */
export interface Changes {
  accepted(): { servers: number; verifications: number; refused: number };
  stop(): Promise<void>;
  /** Resolves with the states of the verifications when every proxy serves every change. */
  check(): Promise<Map<string, number>>;
  /** Makes so many changes as fast as it can. */
  many(count: number): Promise<void>;
  /** Resolves when a new change is served by all proxies, and a verification has been concluded. */
  converged(timeoutMs: number): Promise<void>;
}

/** Makes changes all the time, as administrators do: what is refused is not tried again. */
export function startChanges(world: World, upstream: EchoUpstream, violations: Violations): Changes {
  const servers: string[] = [];
  const verifications: { gateway: string; id: string }[] = [];
  let refused = 0;
  let isOver = false;
  let count = 0;

  async function addServer(): Promise<string> {
    const slug = `change-${++count}`;
    const admin = await world.admin();
    await admin.ask('POST', '/servers', { name: slug, slug, include: [{ gateway: upstream.name }], access: 'open' });
    servers.push(slug);
    return slug;
  }

  async function addVerification(): Promise<string> {
    const admin = await world.admin();
    const { id: gateway } = await admin.createGateway({ name: `Gateway ${++count}`, url: upstream.url });
    const verification = await admin.startVerification(gateway);
    const sealed = await admin.seal(verification, { scheme: 'bearer', token: upstream.credential('registration') });
    const { status } = await admin.putCredential(verification, sealed);
    if (status !== 202) throw new Error(String(status));
    verifications.push({ gateway, id: verification.id });
    return (await admin.finished(gateway, verification.id)).state;
  }

  async function repeat(change: () => Promise<unknown>): Promise<void> {
    while (!isOver) {
      await change().catch(() => (refused += 1));
      await new Promise((resolve) => setTimeout(resolve, SERVER_EVERY_MS));
    }
  }
  const running = Promise.all([repeat(addServer), repeat(addVerification)]);

  const isServed = (url: string, slug: string): Promise<boolean> =>
    askWhetherServed(url, slug, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => answer.isServed,
      () => false,
    );
  const areServed = async (slugs: readonly string[]): Promise<boolean> => {
    for (const { url } of world.proxies) for (const slug of slugs) if (!(await isServed(url, slug))) return false;
    return true;
  };

  return {
    accepted: () => ({ servers: servers.length, verifications: verifications.length, refused }),
    stop: async () => {
      isOver = true;
      await running;
    },
    many: async (wanted) => {
      let left = wanted;
      const some = async (): Promise<void> => {
        while (left-- > 0) await addServer();
      };
      await Promise.all(Array.from({ length: AT_ONCE }, some));
    },
    converged: async (timeoutMs) => {
      const end = performance.now() + timeoutMs;
      const left = (): number => Math.max(1, end - performance.now());
      const slug = await until('a change', () => addServer(), left());
      await until('all proxies to serve it', async () => (await areServed([slug])) || undefined, left());
      await until('a verification', async () => (await addVerification()) === 'verified' || undefined, left());
    },
    check: async () => {
      const late = await until('all changes', async () => (await areServed(servers)) || undefined, 60_000).then(
        () => false,
        () => true,
      );
      if (late) violations.add('a change that was accepted is lost', 'not every proxy serves every virtual server');
      const admin = await world.admin();
      const states = new Map<string, number>();
      for (const { gateway, id } of verifications) {
        const { state, code } = await admin.finished(gateway, id, 120_000);
        const found = code === undefined ? state : `${state} ${code}`;
        states.set(found, (states.get(found) ?? 0) + 1);
      }
      return states;
    },
  };
}
