import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from './logger.js';
import { RecurringWork } from './recurring-work.js';

const NO_LOG = { info: () => undefined, warn: () => undefined };

describe('work that recurs', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }));
  afterEach(() => void vi.useRealTimers());
  const passes = async (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

  it('begins at once, comes again, and comes soon after changes, once for all of them', async () => {
    let rounds = 0;
    const work = new RecurringWork(NO_LOG, 'It', async () => (rounds += 1), { everyMs: 1_000, afterChangeMs: 50 });
    work.soon();
    await passes(100);
    expect(rounds).toBe(0);
    work.start();
    await passes(0);
    expect(rounds).toBe(1);
    for (let n = 0; n < 10; n += 1) work.soon();
    await passes(50);
    expect(rounds).toBe(2);
    await passes(950);
    expect(rounds).toBe(3);
    await work.stop();
    work.soon();
    work.now();
    await passes(10_000);
    expect(rounds).toBe(3);
  });

  it('has one round at a time, and one more for all that was asked for meanwhile, which its end waits for', async () => {
    const done: (() => void)[] = [];
    const work = new RecurringWork(NO_LOG, 'It', () => new Promise<void>((resolve) => done.push(resolve)), {
      everyMs: 1_000,
    });
    work.start();
    await passes(5_000);
    work.now();
    expect(done).toHaveLength(1);
    let isOver = false;
    const end = work.stop().then(() => (isOver = true));
    expect(work.isStopped).toBe(true);
    done[0]?.();
    await passes(0);
    expect(done).toHaveLength(2);
    expect(isOver).toBe(false);
    done[1]?.();
    await end;
    expect(done).toHaveLength(2);
  });

  it('says a failure once, and goes on', async () => {
    const said: string[] = [];
    const logger = createLogger('registry', 'info', { write: (line) => void said.push(JSON.parse(line).msg) });
    let isDown = true;
    const round = () => (isDown ? Promise.reject(new Error('x')) : Promise.resolve());
    const work = new RecurringWork(logger, 'It', round, { everyMs: 1_000 });
    work.start();
    await passes(5_000);
    isDown = false;
    await passes(1_000);
    await work.stop();
    expect(said).toEqual(['It failed; it is tried again', 'It works again']);
  });
});
