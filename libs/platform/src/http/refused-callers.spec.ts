import { expect, it } from 'vitest';
import { createLogger } from '../logging/logger.js';
import { Metrics } from '../ops/metrics.js';
import { RefusedCallers } from './refused-callers.js';

it('refused callers are all counted, and logged at most ten times in a second', async () => {
  const lines: string[] = [];
  const logger = createLogger('proxy', 'info', { write: (line) => void lines.push(line) });
  const metrics = new Metrics();
  const refused = new RefusedCallers('proxy', ['10.0.0.0/8'], logger, metrics);
  const request = {
    socket: { remoteAddress: '10.0.0.1' },
    rawHeaders: ['Authorization', 'Bearer CANARY', 'X-Forwarded-For', '203.0.113.9'],
  };
  for (let n = 0; n < 15; n++) refused.record(request, 'key_unknown', 5_000 + n);
  expect(lines).toHaveLength(10);
  refused.record({ socket: { remoteAddress: undefined }, rawHeaders: [] }, 'not_a_key', 6_000);
  expect(lines).toHaveLength(11);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ address: '203.0.113.9', reason: 'key_unknown' });
  expect(lines.join()).not.toContain('CANARY');
  expect(await metrics.registry.metrics()).toContain('lethe_proxy_callers_refused_total{why="key_unknown"} 15');
});
