import { describe, expect, it } from 'vitest';
import { firstShortForm, keptShortForm, shortFormProblem } from './short-form.js';

const source = (gatewayId: string, slug: string, ...headers: string[]) => ({
  gatewayId,
  slug,
  mappings: headers.map((header) => ({ header })),
});
const a = source('a', 'alpha', 'Authorization', 'X-Team');
const b = source('b', 'beta', 'authorization');

describe('the short form of passthrough headers', () => {
  it('belongs by itself only to the one gateway that maps the header', () => {
    expect(firstShortForm([a])).toEqual({ Authorization: 'a', 'X-Team': 'a' });
    expect(firstShortForm([a, b])).toEqual({ 'X-Team': 'a' });
  });

  it('never moves, and is off when its owner leaves', () => {
    expect(keptShortForm({ Authorization: 'a' }, ['a', 'b'])).toEqual({ Authorization: 'a' });
    expect(keptShortForm({ Authorization: 'a' }, ['b'])).toEqual({});
  });

  it('is refused for gateways that do not map the header or are no members', () => {
    expect(shortFormProblem({ authorization: 'a' }, [a, b])).toBeUndefined();
    expect(shortFormProblem({ 'X-Team': 'b' }, [a, b])).toBe('X-Team');
    expect(shortFormProblem({ Authorization: 'c' }, [a, b])).toBe('Authorization');
    expect(shortFormProblem({ Authorization: 'a', authorization: 'b' }, [a, b])).toBe('authorization');
  });
});
