import { describe, expect, it, vi } from 'vitest';
import { EndedSessions } from './ended-sessions.js';

describe('the sessions that clients have ended', () => {
  it('are remembered at once, though the bus fails, and told to whoever waits for their end', async () => {
    const publish = vi.fn(() => Promise.reject(new Error('no bus')));
    const ended = new EndedSessions({ publish });
    const heard: string[] = [];
    const stop = ended.onEnd((digest) => void heard.push(digest));
    const told = ended.end('a');
    expect(ended.has('a')).toBe(true);
    await told;
    ended.remember({ digest: 'a' });
    stop();
    ended.remember({ digest: 'b' });
    expect(heard).toEqual(['a']);
    expect(publish).toHaveBeenCalledTimes(1);
  });

  it('are forgotten, the oldest first, when there are very many', () => {
    const ended = new EndedSessions({ publish: async () => undefined });
    for (let n = 0; n <= 20_000; n++) ended.remember({ digest: `d${n}` });
    expect([ended.has('d0'), ended.has('d1'), ended.has('d20000')]).toEqual([false, true, true]);
  });
});
