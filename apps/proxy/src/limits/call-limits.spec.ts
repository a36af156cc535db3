import type { ServerLimits } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { serverRoutes } from '@test/support/proxy/server-routes.js';
import { Caller } from '../auth/authenticator.js';
import { CallLimits } from './call-limits.js';

const MINUTE = { calls: 2, seconds: 60 };
/** One revision of a virtual server, as one caller sees it. */
const callerOf = (sub = 'somebody') => {
  const server = serverRoutes([
    {
      slug: 'a',
      mappings: [],
      items: [
        ['tool', 'get_a'],
        ['tool', 'put_a'],
      ],
    },
    { slug: 'b', mappings: [], items: [['tool', 'get_b']] },
  ]);
  return Caller.ofToken(server, { iss: 'https://issuer', sub, roles: [] });
};

describe('the limits of a caller', () => {
  const admit = (calls: CallLimits, limits: ServerLimits, tool: string, caller = callerOf()): unknown => {
    const item = caller.server.items.tool.get(tool);
    try {
      return (item && calls.admit(limits, caller, item)) ?? 'counted';
    } catch (error) {
      return error instanceof LetheError ? error.detail['limit'] : error;
    }
  };

  it('go on when a virtual server is published again, and begin anew where they were changed', () => {
    const calls = new CallLimits(() => 0);
    const made = (limits: ServerLimits): unknown[] => [0, 1, 2].map(() => admit(calls, limits, 'get_a'));
    expect(made({ caller: MINUTE })).toEqual(['counted', 'counted', 'caller']);
    expect(made({ caller: { ...MINUTE } })).toEqual(['caller', 'caller', 'caller']);
    expect(made({ caller: { ...MINUTE, calls: 1 } })).toEqual(['counted', 'caller', 'caller']);
    expect(admit(calls, { caller: MINUTE }, 'get_a', callerOf('another'))).toBe('counted');
  });

  it('count the tools of one entry together, and others not at all', () => {
    const calls = new CallLimits(() => 0);
    const limits = { tools: [{ names: ['get_*'], caller: MINUTE }] };
    expect(['get_a', 'get_b', 'get_a', 'get_b', 'put_a', 'put_a'].map((tool) => admit(calls, limits, tool))).toEqual([
      ...['counted', 'counted', 'tools', 'tools', 'counted', 'counted'],
    ]);
  });

  it('count what runs at each gateway, until it has ended once', () => {
    const calls = new CallLimits(() => 0);
    const limits = { caller: { calls: 100, seconds: 1, concurrent: 1 } };
    const first = admit(calls, limits, 'get_a');
    expect([admit(calls, limits, 'put_a'), typeof admit(calls, limits, 'get_b')]).toEqual(['concurrent', 'function']);
    if (typeof first !== 'function') throw new Error('nobody counts');
    first();
    first();
    expect([typeof admit(calls, limits, 'put_a'), admit(calls, limits, 'get_a')]).toEqual(['function', 'concurrent']);
  });
});
