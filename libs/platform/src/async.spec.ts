import { describe, expect, it } from 'vitest';
import { backOffMs, ConcurrencyLimit, mapConcurrent, sleep, waitAtMost, withTimeout } from './async.js';

describe('ConcurrencyLimit', () => {
  it('drops what is too much for one owner, until something of it ends, well or not', async () => {
    const limit = new ConcurrencyLimit(2);
    const [owner, another] = [{}, {}];
    const [first, second] = [Promise.withResolvers<unknown>(), Promise.withResolvers<unknown>()];
    const begin = (whose: object, work: Promise<unknown>) => limit.begin(whose, () => work);
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

const never = new Promise<never>(() => undefined);

describe('mapConcurrent', () => {
  it('keeps the order of the items, and no more of them under way than it may', async () => {
    let underWay = 0;
    let most = 0;
    const doubled = await mapConcurrent(3, [5, 1, 4, 2, 3, 0, 6], async (item, at) => {
      most = Math.max(most, (underWay += 1));
      for (let turns = item; turns > 0; turns--) await Promise.resolve();
      underWay -= 1;
      return [item * 2, at];
    });
    expect(doubled).toEqual([5, 1, 4, 2, 3, 0, 6].map((item, at) => [item * 2, at]));
    expect(most).toBe(3);
    expect(await mapConcurrent(3, [], (item) => item)).toEqual([]);
  });
});

describe('a wait with an end', () => {
  it('gives what the work gives, when that comes in time', async () => {
    const tooLong = () => new Error('too long');
    expect(await withTimeout(60_000, Promise.resolve(1), tooLong)).toBe(1);
    await expect(withTimeout(60_000, Promise.reject(new Error('failed')), tooLong)).rejects.toThrow('failed');
    await expect(waitAtMost(60_000, Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });

  it('ends when the time is up, with an error or without', async () => {
    await expect(withTimeout(1, never, () => new Error('too long'))).rejects.toThrow('too long');
    await expect(waitAtMost(1, never)).resolves.toBeUndefined();
  });

  it('ends without an error when nobody waits any more', async () => {
    const waiting = new AbortController();
    const slept = sleep(60_000, { signal: waiting.signal });
    waiting.abort();
    await expect(slept).resolves.toBeUndefined();
    await expect(sleep(60_000, { signal: waiting.signal })).resolves.toBeUndefined();
  });
});

describe('backOffMs', () => {
  it('doubles from the first wait up to the longest', () => {
    const waits = [0, 1, 2, 3, 4, 2_000].map((failures) => backOffMs(failures, { firstMs: 100, mostMs: 1_000 }));
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });
});
