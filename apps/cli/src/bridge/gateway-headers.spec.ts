import { neededHeaders } from '@lethe/mcp';
import { describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import type { UpstreamOfServer } from '../mcp/upstreams.js';
import { CliError } from '../errors/cli.error.js';
import { GatewayHeaders } from './gateway-headers.js';

const HOUR_MS = 3_600_000;

/** As the proxies tell it. */
function upstreamOf(gateway: string): UpstreamOfServer {
  const passthroughHeaders = [{ header: 'Authorization', scheme: 'bearer' as const, required: true }];
  const headers = neededHeaders([{ id: gateway, slug: gateway, passthroughHeaders }], {});
  return { gateway, name: gateway, origin: `https://${gateway}.example`, isModern: false, headers };
}

describe('the headers of a bridge', () => {
  it('are asked for anew in time, and when the clock was set back, by whatever', async () => {
    verifies('login.clock');
    const asked = { upstreams: 0, tokens: 0 };
    let now = 1_000 * HOUR_MS;
    const headers = new GatewayHeaders({
      server: 'https://lethe.example/servers/team/mcp',
      key: undefined,
      readUpstreams: async () => {
        asked.upstreams += 1;
        return [upstreamOf('tracker')];
      },
      givenFor: () => new Map(),
      tokenFor: async () => {
        asked.tokens += 1;
        return { accessToken: `token-${asked.tokens}`, expiresAt: now + HOUR_MS };
      },
      onFailure: () => undefined,
      now: () => now,
    });
    const after = async (ms: number): Promise<number[]> => {
      now += ms;
      await headers.current('call');
      return [asked.upstreams, asked.tokens];
    };
    expect(await after(0)).toEqual([1, 1]);
    expect(await after(29_000)).toEqual([1, 1]);
    expect(await after(2_000)).toEqual([1, 2]);
    expect(await after(31_000)).toEqual([2, 3]);
    expect(await after(-24 * HOUR_MS)).toEqual([3, 4]);
    expect(await after(1_000)).toEqual([3, 4]);
    expect(await after(24 * HOUR_MS)).toEqual([4, 5]);
  });

  it('wait for no authorization server that hangs, once there was a token: the others are called meanwhile', async () => {
    verifies('bridge.refresh');
    let now = 1_000 * HOUR_MS;
    const hanging = Promise.withResolvers<{ accessToken: string }>();
    const asked = { tracker: 0, wiki: 0 };
    const headers = new GatewayHeaders(
      {
        server: 'https://lethe.example/servers/team/mcp',
        key: undefined,
        readUpstreams: async () => [upstreamOf('tracker'), upstreamOf('wiki')],
        givenFor: () => new Map(),
        tokenFor: async ({ gateway }) => {
          const count = gateway === 'tracker' ? (asked.tracker += 1) : (asked.wiki += 1);
          return gateway === 'tracker' && count > 1 ? hanging.promise : { accessToken: `${gateway}-${count}` };
        },
        onFailure: () => undefined,
        now: () => now,
      },
      1,
    );
    const tokens = async (): Promise<string[]> => [...(await headers.current('call')).tokens.values()];
    expect(await tokens()).toEqual(['tracker-1', 'wiki-1']);
    now += 31_000;
    expect(await tokens()).toEqual(['tracker-1', 'wiki-2']);
    // Nobody asks again while it hangs.
    expect([await tokens(), asked.tracker]).toEqual([['tracker-1', 'wiki-2'], 2]);
    hanging.resolve({ accessToken: 'tracker-2' });
    await hanging.promise;
    await expect.poll(tokens).toEqual(['tracker-2', 'wiki-2']);
  });

  it('get no other token for a gateway that leads elsewhere since the upstream has rejected the first', async () => {
    verifies('login.pinned');
    let origin = 'https://tracker.example';
    const asked: string[] = [];
    const headers = new GatewayHeaders({
      server: 'https://lethe.example/servers/team/mcp',
      key: undefined,
      readUpstreams: async () => [{ ...upstreamOf('tracker'), origin }],
      givenFor: () => new Map(),
      tokenFor: async (wish) => {
        asked.push(wish.origin);
        if (wish.origin !== 'https://tracker.example') throw new CliError('untrusted', 'upstream_moved', 'moved');
        return { accessToken: `token-${asked.length}` };
      },
      onFailure: () => undefined,
      now: () => HOUR_MS,
    });
    await headers.current('call');
    expect(await headers.renew('tracker', 'token-1')).toBe(true);
    origin = 'https://other.example';
    expect(await headers.renew('tracker', 'token-2')).toBe(false);
    expect([asked.at(-1), headers.whyNot('tracker')?.code]).toEqual([origin, 'upstream_moved']);
    expect([...(await headers.current('call')).tokens]).toEqual([]);
  });
});
