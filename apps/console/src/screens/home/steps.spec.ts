import { describe, expect, it } from 'vitest';
import type { Overview } from '../../api/activity.js';
import { stepsOf } from './steps.js';

const EMPTY: Overview = {
  gateways: { total: 0, verified: 0, unverified: 0, off: 0, pending: 0, suspected: 0 },
  servers: { total: 0, published: 0 },
  keys: { active: 0, endingCount: 0, ending: [] },
  kept: { usable: 0, endingCount: 0, ending: [] },
  wasCalled: false,
};
const done = (more: Partial<Overview>) =>
  stepsOf({ ...EMPTY, ...more }).flatMap(({ name, isDone }) => (isDone ? [name] : []));
const next = (more: Partial<Overview>) => stepsOf({ ...EMPTY, ...more }).find(({ isNext }) => isNext)?.name;

describe('the first steps', () => {
  it('are ticked by what there is, and one of them is next', () => {
    expect(done({})).toEqual([]);
    expect(next({})).toBe('registered');
    const gateways = { ...EMPTY.gateways, total: 1 };
    expect(next({ gateways })).toBe('verified');
    expect(done({ gateways: { ...gateways, verified: 1 } })).toEqual(['registered', 'verified']);
    const verified = { ...gateways, verified: 1 };
    const servers = { total: 1, published: 1 };
    expect(next({ gateways: verified, servers })).toBe('keyed');
    expect(next({ gateways: verified, servers, keys: { ...EMPTY.keys, active: 1 } })).toBe('called');
  });

  it('need no key where an open server was called', () => {
    const gateways = { ...EMPTY.gateways, total: 1, verified: 1 };
    expect(next({ gateways, servers: { total: 1, published: 1 }, wasCalled: true })).toBe(undefined);
  });
});
