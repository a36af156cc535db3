import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { type Admin } from '../support/admin.js';
import { servedBy } from '../support/calls.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { eventually } from '../support/eventually.js';
import { ROOT } from '../support/processes.js';
import { begin, legacy } from '../support/proxy/rpc.js';
import { realPartsAvailable } from '../support/real-parts.js';
import { isReleaseReachable, lastReleaseBuild } from '../support/upgrade/release-build.js';
import { RollingServices } from '../support/upgrade/rolling-services.js';
import { startSteadyLoad } from '../support/upgrade/steady-load.js';
import { followStream, startCountingUpstream } from '../support/upgrade/steady-stream.js';

const CREDENTIAL = { scheme: 'bearer', token: 'a-token-of-the-upstream' } as const;

const isReachable = isReleaseReachable();

let released: string;
let upstream: Awaited<ReturnType<typeof startCountingUpstream>>;
beforeAll(async () => {
  if (!isReachable) return;
  [released, upstream] = await Promise.all([lastReleaseBuild(), startCountingUpstream()]);
}, 300_000);
afterAll(() => upstream?.close());

/** What the command of a version prints of the gateways of a running Lethe. */
async function listedBy(root: string, home: string): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, LETHE_HOME: home };
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'dist/apps/cli/src/main.js'), 'ls'], {
    env,
  });
  return stdout;
}

/** Registers and verifies the upstream, and serves it. */
async function served(admin: Admin, name: string) {
  const gateway = await admin.createGateway({ name, url: upstream.url });
  expect(await admin.verify(gateway.id, CREDENTIAL)).toMatchObject({ state: 'verified' });
  const { slug } = await admin.ask<{ slug: string }>('POST', '/servers', { name, include: [{ gateway: gateway.id }] });
  const key = await admin.callerKey();
  return {
    gateway: gateway.id,
    slug,
    caller: { authorization: `Bearer ${key}`, 'x-upstream-authorization': 'Bearer x' },
  };
}

describe.runIf(realPartsAvailable() && isReachable)('separate services of the last release', () => {
  let services: RollingServices;
  beforeAll(async () => {
    services = await RollingServices.start(released);
  }, 120_000);
  afterAll(() => services?.stop());

  it(
    'are replaced by this version one by one, and this version by them, and nobody notices',
    { timeout: 400_000 },
    async () => {
      verifies('upgrade.side-by-side');
      const { gateway, slug, caller } = await served(services.admins[0]!, 'Steady');
      await Promise.all(services.proxyUrls.map((each) => servedBy(each, slug, caller.authorization.slice(7))));
      const url = `${services.url}/servers/${slug}/mcp`;
      const session = await begin(url, caller);
      const stream = followStream(url, session);
      const load = startSteadyLoad({ url, caller, session, admins: services.admins, gateway });
      /** Each kind of work went on, with what runs now. */
      const worked = async (): Promise<void> => {
        const before = { ...load.done };
        const heard = stream.numbers.length;
        await eventually(() => {
          for (const [kind, count] of Object.entries(load.done)) {
            expect([kind, count - before[kind as keyof typeof before]]).not.toEqual([kind, 0]);
          }
          expect(load.done.verification).toBeGreaterThanOrEqual(before.verification + 2);
          expect(stream.numbers.length).toBeGreaterThan(heard);
        }, 60_000);
      };
      try {
        await worked();
        for (const step of services.steps(ROOT)) await step(worked);
        for (const step of services.steps(released).toReversed()) await step(worked);
      } finally {
        await load.stop();
        await stream.stop();
      }
      expect(load.failures).toEqual([]);
      expect(load.done.legacy).toBeGreaterThan(200);
      expect(stream.refused).toEqual([]);
      expect(stream.resumed).toBeGreaterThanOrEqual(2);
      const first = Number(stream.numbers[0]);
      expect(stream.numbers).toEqual(stream.numbers.map((_, at) => first + at));
      const { items } = await services.admins[0]!.ask<{ items: { state: string }[] }>(
        'GET',
        `/gateways/${gateway}/verifications?limit=100`,
      );
      expect(items.filter(({ state }) => state === 'lost' || state === 'failed')).toEqual([]);
    },
  );
});

describe.runIf(isReachable)('a data directory of the last release', () => {
  let lethe: Embedded;
  beforeAll(async () => {
    lethe = await startEmbedded({ LETHE_ALLOWED_UPSTREAMS: '127.0.0.0/8' }, released);
  }, 120_000);
  afterAll(() => lethe?.stop());

  it(
    'is used by this version and by the last release again: servers, keys, sessions stay',
    { timeout: 240_000 },
    async () => {
      verifies('upgrade.embedded');
      const first = await served(lethe.admin, 'First');
      const endpoint = (slug: string): string => `${lethe.proxyUrl}/servers/${slug}/mcp`;
      await servedBy(lethe.proxyUrl, first.slug, first.caller.authorization.slice(7));
      const session = await begin(endpoint(first.slug), first.caller);
      const calls = async (slug: string, headers: Record<string, string>): Promise<number> =>
        (await legacy(endpoint(slug), 'tools/call', { name: 'echo', arguments: { text: 'x' } }, headers)).status;
      expect(await calls(first.slug, session)).toBe(200);
      expect(await listedBy(ROOT, lethe.home)).toContain('first');

      await lethe.process.stop();
      await lethe.restart(ROOT);
      expect(await listedBy(released, lethe.home)).toContain('first');
      expect(await calls(first.slug, session)).toBe(200);
      expect(await lethe.admin.verify(first.gateway, CREDENTIAL)).toMatchObject({ state: 'verified' });
      const second = await served(lethe.admin, 'Second');
      await servedBy(lethe.proxyUrl, second.slug, second.caller.authorization.slice(7));
      const newer = await begin(endpoint(second.slug), second.caller);

      await lethe.process.stop();
      await lethe.restart(released);
      expect([await calls(first.slug, session), await calls(second.slug, newer)]).toEqual([200, 200]);
      expect(await lethe.admin.verify(second.gateway, CREDENTIAL)).toMatchObject({ state: 'verified' });
    },
  );
});
