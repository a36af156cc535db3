import { neededHeaders } from '@lethe/mcp';
import { describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { GatewayHeaders } from './gateway-headers.js';

const HOUR_MS = 3_600_000;

describe('the headers of a bridge', () => {
  it('are asked for anew in time, and when the clock was set back, by whatever', async () => {
    verifies('login.clock');
    const asked = { upstreams: 0, tokens: 0 };
    let now = 1_000 * HOUR_MS;
    const passthroughHeaders = [{ header: 'Authorization', scheme: 'bearer' as const, required: true }];
    const needed = neededHeaders([{ id: 'tracker', slug: 'tracker', passthroughHeaders }], {});
    const origin = 'https://tracker.example';
    const upstream = { gateway: 'tracker', name: 'Tracker', origin, isModern: false, headers: needed };
    const headers = new GatewayHeaders({
      server: 'https://lethe.example/servers/team/mcp',
      key: undefined,
      readUpstreams: async () => {
        asked.upstreams += 1;
        return [upstream];
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
});
