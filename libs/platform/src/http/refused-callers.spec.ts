import { describe, expect, it, vi } from 'vitest';
import { createLogger } from '../logging/logger.js';
import { Metrics } from '../ops/metrics.js';
import { RefusedCallers } from './refused-callers.js';

function recorder() {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('proxy', 'info', { write: (line) => void lines.push(JSON.parse(line)) });
  const metrics = new Metrics();
  return { lines, metrics, refused: new RefusedCallers('proxy', ['10.0.0.0/8'], logger, metrics) };
}

const from = (forwarded: string) => ({
  socket: { remoteAddress: '10.0.0.1' },
  rawHeaders: ['Authorization', 'Bearer CANARY', 'X-Forwarded-For', forwarded],
});
const sum = (lines: Record<string, unknown>[]) =>
  lines.reduce((total, { count }) => total + (typeof count === 'number' ? count : 1), 0);

describe('refused callers', () => {
  it('are all counted, and logged by address and reason: the first at once, the others in one line', async () => {
    const { lines, metrics, refused } = recorder();
    for (let n = 0; n < 15; n++) refused.record(from('203.0.113.9'), 'key_unknown', 5_000);
    refused.record(from('203.0.113.9'), 'key_expired', 5_000);
    refused.record(from('203.0.113.10'), 'key_unknown', 5_000);
    refused.record({ socket: { remoteAddress: undefined }, rawHeaders: [] }, 'not_a_key', 5_000);
    expect(lines).toMatchObject([
      { address: '203.0.113.9', reason: 'key_unknown', msg: 'Caller refused' },
      { address: '203.0.113.9', reason: 'key_expired' },
      { address: '203.0.113.10', reason: 'key_unknown' },
      { address: '', reason: 'not_a_key' },
    ]);
    refused.summarise();
    expect(lines.slice(4)).toMatchObject([{ address: '203.0.113.9', reason: 'key_unknown', count: 14 }]);
    expect(JSON.stringify(lines)).not.toContain('CANARY');
    expect(await metrics.registry.metrics()).toContain('lethe_proxy_callers_refused_total{why="key_unknown"} 16');
    refused.record(from('203.0.113.9'), 'key_unknown', 65_000);
    expect(lines).toHaveLength(6);
  });

  it('of one IPv6 network are one group', () => {
    const { lines, refused } = recorder();
    for (let n = 0; n < 9; n++) refused.record(from(`2001:db8::${n}`), 'key_unknown', 5_000);
    expect(lines).toHaveLength(1);
  });

  it('of many addresses take few lines and little memory, and none of them is lost', () => {
    const { lines, refused } = recorder();
    for (let n = 0; n < 20_000; n++)
      refused.record(from(`11.${n >> 16}.${(n >> 8) & 255}.${n & 255}`), 'key_unknown', 5_000);
    expect(lines).toHaveLength(10);
    refused.summarise();
    expect(lines).toHaveLength(10 + 100 + 1);
    expect(sum(lines)).toBe(20_000);
  });

  it('are summed up within a minute, also if no other comes', () => {
    vi.useFakeTimers();
    const { lines, refused } = recorder();
    for (let n = 0; n < 3; n++) refused.record(from('203.0.113.9'), 'key_unknown', 5_000);
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    expect(lines.at(-1)).toMatchObject({ count: 2 });
  });
});
