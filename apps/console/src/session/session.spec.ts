import { QueryClient } from '@tanstack/react-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { authorization, noteRefused } from '../api/bearer.js';
import { currentSession, signIn, signOut } from './session.js';

/** Signs in with answers of the registry that the test gives when it wants to. */
function begin(token: string): { end: Promise<void>; answer: PromiseWithResolvers<unknown>; queries: QueryClient } {
  const queries = new QueryClient();
  const answer = Promise.withResolvers<unknown>();
  vi.spyOn(queries, 'query').mockReturnValue(answer.promise);
  return { end: signIn(queries, token), answer, queries };
}

const ADA = { id: 'a', name: 'Ada', role: 'admin' };
const BOB = { id: 'b', name: 'Bob', role: 'viewer' };

describe('session', () => {
  afterEach(() => signOut(new QueryClient()));

  it('forgets a token that the registry does not take', async () => {
    const { end, answer } = begin('wrong');
    answer.reject(new Error('401'));
    await expect(end).rejects.toThrow('401');
    expect([authorization(), currentSession().administrator]).toEqual([undefined, undefined]);
  });

  it('keeps the later one of two sign-ins, whatever becomes of the earlier one, and whenever', async () => {
    for (const settle of [
      (early: PromiseWithResolvers<unknown>) => early.reject(new Error('401')),
      (early: PromiseWithResolvers<unknown>) => early.resolve(BOB),
    ]) {
      for (const isEarlyFirst of [true, false]) {
        const [early, late] = [begin('early'), begin('late')];
        if (isEarlyFirst) settle(early.answer);
        if (isEarlyFirst) await early.end;
        late.answer.resolve(ADA);
        await late.end;
        if (!isEarlyFirst) settle(early.answer);
        await early.end;
        expect([authorization(), currentSession().administrator]).toEqual(['Bearer late', ADA]);
      }
    }
  });

  it('stays signed out when a sign-in of before is answered', async () => {
    const { end, answer, queries } = begin('before');
    signOut(queries);
    answer.resolve(ADA);
    await end;
    expect([authorization(), currentSession().administrator]).toEqual([undefined, undefined]);
  });

  it('ends with a refused token, and not with the refusal of a token of before', async () => {
    const { end, answer } = begin('current');
    answer.resolve(ADA);
    await end;
    noteRefused('Bearer before');
    expect(currentSession().administrator).toEqual(ADA);
    noteRefused('Bearer current');
    expect(currentSession()).toEqual({ administrator: undefined, wasRefused: true });
    expect(authorization()).toBeUndefined();
  });
});
