import { type ObtainedToken, TokenFailure } from '@lethe/oauth';
import { verifies } from '@test/requirements.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeptToken, type TokenOutcome } from './kept-token.js';
import { renewAfterMs, retryAfterMs } from './token-times.js';

const DOWN = new TokenFailure('token_endpoint_unreachable', { why: 'refused' });
const BUSY = new TokenFailure('token_endpoint_refused', { httpStatus: 503, retryAfterSeconds: 50 });
const WRONG = new TokenFailure('token_endpoint_refused', { httpStatus: 401, tokenError: 'invalid_client' });

describe('when a token is asked for', () => {
  it('is when a fifth of its life is left, five minutes before its end at most, and each day', () => {
    const DAY = 86_400_000;
    const lives = [0, 1_000, 60_000, 3_600_000, DAY, 10 * DAY];
    expect(lives.map((life) => renewAfterMs(life, 0))).toEqual([1_000, 1_000, 48_000, 3_300_000, DAY - 300_000, DAY]);
    expect(renewAfterMs(60_000, 1)).toBeCloseTo(45_600);
  });

  it('is again after a random time that doubles, within a bound, and not before Retry-After', () => {
    const waits = (failure: TokenFailure, random: number) =>
      [0, 1, 2, 5, 20, 2_000].map((failures) => retryAfterMs(failure, failures, random));
    expect(waits(DOWN, 1)).toEqual([1_000, 2_000, 4_000, 30_000, 30_000, 30_000]);
    expect(waits(DOWN, 0)).toEqual([500, 1_000, 2_000, 15_000, 15_000, 15_000]);
    expect(waits(WRONG, 1)).toEqual([1_000, 2_000, 4_000, 32_000, 300_000, 300_000]);
    expect(retryAfterMs(BUSY, 0, 0)).toBe(50_000);
  });
});

describe('the access token of a kept credential', () => {
  const answers: (ObtainedToken | TokenFailure)[] = [];
  const outcomes: TokenOutcome[] = [];
  let issued = 0;
  let asked = 0;
  let signal: AbortSignal | undefined;
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(0);
    answers.length = outcomes.length = issued = asked = 0;
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  const make = () =>
    new KeptToken(
      async (given) => {
        asked += 1;
        signal = given;
        const next = answers.shift() ?? { token: `t${++issued}`, lifeSeconds: 100 };
        if (next instanceof TokenFailure) throw next;
        return next;
      },
      (token) => ({ headers: [['Authorization', token]], query: '' }),
      (outcome) => void outcomes.push(outcome),
    );
  const started = async () => {
    const token = make();
    await token.begin();
    return token;
  };
  const now = (token: KeptToken) => token.parts(Date.now())?.headers[0]?.[1];

  it('is renewed before its end, by one request at a time', async () => {
    verifies('kept.oauth');
    const token = make();
    await Promise.all([token.begin(), token.begin()]);
    expect([asked, now(token)]).toEqual([1, 't1']);
    await vi.advanceTimersByTimeAsync(79_000);
    expect([asked, now(token)]).toEqual([1, 't1']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([asked, now(token)]).toEqual([2, 't2']);
  });

  it('is waited for while the authorization server is away, and no longer once it refuses', async () => {
    verifies('kept.replaced');
    const isSettled = async (...given: (ObtainedToken | TokenFailure)[]) => {
      answers.push(...given);
      let settled = false;
      void make().begin().then(() => (settled = true)); // prettier-ignore
      await vi.advanceTimersByTimeAsync(given.length === 1 ? 0 : 120_000);
      return settled;
    };
    expect([await isSettled(DOWN), await isSettled(BUSY), await isSettled(WRONG)]).toEqual([false, false, true]);
    answers.length = 0;
    expect([await isSettled(DOWN, BUSY, WRONG), await isSettled(DOWN, DOWN)]).toEqual([true, true]);
  });

  it('is taken for one of ten minutes if nobody says for how long it lives', async () => {
    answers.push({ token: 'unknown', lifeSeconds: undefined });
    const token = await started();
    await vi.advanceTimersByTimeAsync(479_000);
    expect(asked).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(now(token)).toBe('t1');
  });

  it('serves until its end while no other is issued, and says then when to try again', async () => {
    verifies('kept.oauth');
    const token = await started();
    answers.push(DOWN, DOWN, BUSY);
    await vi.advanceTimersByTimeAsync(99_000);
    expect([asked, now(token)]).toEqual([4, 't1']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(now(token)).toBeUndefined();
    expect(token.missing(Date.now())).toEqual({ why: 'kept_token', retryAfterSeconds: 32 });
    await vi.advanceTimersByTimeAsync(32_000);
    expect(now(token)).toBe('t2');
    expect(outcomes.map(({ failure, failures, hasToken }) => [failure?.code, failures, hasToken])).toEqual([
      [undefined, 0, true],
      ['token_endpoint_unreachable', 0, true],
      ['token_endpoint_unreachable', 1, true],
      ['token_endpoint_refused', 2, true],
      [undefined, 3, true],
    ]);
  });

  it('is replaced at once if the upstream rejects it, but not again and again', async () => {
    verifies('kept.rejected');
    const token = await started();
    const rejected = () => token.rejected(token.parts(Date.now())!, Date.now());
    const former = token.parts(Date.now())!;
    expect([rejected(), rejected(), now(token)]).toEqual([true, true, 't1']);
    await vi.advanceTimersByTimeAsync(0);
    expect([asked, now(token)]).toEqual([2, 't2']);
    // A call that still had the former one.
    expect(token.rejected(former, Date.now())).toBe(true);
    expect(rejected()).toBe(false);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(asked).toBe(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([asked, now(token), rejected()]).toEqual([3, 't3', false]);
  });

  it('is not asked for earlier by rejections while the authorization server fails', async () => {
    const token = await started();
    answers.push(BUSY);
    expect(token.rejected(token.parts(Date.now())!, Date.now())).toBe(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([token.rejected(token.parts(Date.now())!, Date.now()), asked]).toEqual([true, 2]);
    await vi.advanceTimersByTimeAsync(39_000);
    expect(asked).toBe(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(now(token)).toBe('t2');
  });

  it('is gone when the credential has ended, also if it is issued then', async () => {
    verifies('kept.forgotten');
    const token = make();
    const begun = token.begin();
    token.end();
    await begun;
    expect([signal?.aborted, now(token), outcomes]).toEqual([true, undefined, []]);
    const other = await started();
    other.end();
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect([now(other), asked, vi.getTimerCount()]).toEqual([undefined, 2, 0]);
  });
});
