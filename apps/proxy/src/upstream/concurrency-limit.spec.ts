import { describe, expect, it } from 'vitest';
import { ConcurrencyLimit } from './concurrency-limit.js';

describe('ConcurrencyLimit', () => {
  it('drops what is too much for one owner, until something of it ends, well or not', async () => {
    const atMost = new ConcurrencyLimit(2);
    const [owner, another] = [{}, {}];
    const [first, second] = [Promise.withResolvers<unknown>(), Promise.withResolvers<unknown>()];
    const begin = (whose: object, work: Promise<unknown>) => atMost.begin(whose, () => work);
    expect([begin(owner, first.promise), begin(owner, second.promise)]).toEqual([true, true]);
    expect(begin(owner, Promise.resolve())).toBe(false);
    expect(begin(another, Promise.resolve())).toBe(true);
    first.reject(new Error('failed'));
    await expect(first.promise).rejects.toThrow();
    expect(begin(owner, Promise.resolve())).toBe(true);
    expect(begin(owner, Promise.resolve())).toBe(false);
    second.resolve(undefined);
  });
});
