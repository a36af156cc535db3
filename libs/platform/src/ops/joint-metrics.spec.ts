import { describe, expect, it } from 'vitest';
import { JointMetrics, type MetricValues } from './joint-metrics.js';
import { Metrics } from './metrics.js';

/** The metrics of a process that has served these calls. */
async function processOf(calls: number[], confirmed = 0): Promise<MetricValues> {
  const metrics = new Metrics();
  const counter = metrics.counter('calls_total', 'Calls', ['outcome']);
  const seconds = metrics.durations({ name: 'call_seconds', help: 'How long', labelNames: ['method'] });
  metrics.gauge('open', 'Open now').set(calls.length);
  metrics.gauge('confirmed_seconds', 'When', [], 'min').set(confirmed);
  for (const took of calls) {
    counter.inc({ outcome: 'ok' });
    seconds.of('tools/call').observe(took);
  }
  return JSON.parse(JSON.stringify(await metrics.registry.getMetricsAsJSON()));
}

describe('the metrics of several processes', () => {
  it('are their sums, buckets included, and the least where a sum says nothing', async () => {
    const joint = new JointMetrics();
    joint.update(1, await processOf([0.002, 0.3], 20));
    joint.update(2, await processOf([0.002], 10));
    const lines = (await joint.text([])).split('\n');
    expect(lines).toContain('calls_total{outcome="ok"} 3');
    expect(lines).toContain('call_seconds_bucket{le="0.0025",method="tools/call"} 2');
    expect(lines).toContain('call_seconds_bucket{le="+Inf",method="tools/call"} 3');
    expect(lines).toContain('call_seconds_count{method="tools/call"} 3');
    expect(lines).toContain('call_seconds_sum{method="tools/call"} 0.304');
    expect(lines).toContain('open 3');
    expect(lines).toContain('confirmed_seconds 10');
  });

  it('keep what a process counted that has ended, and forget what it held', async () => {
    const joint = new JointMetrics();
    for (const ended of [1, 2]) {
      joint.update(ended, await processOf([0.002]));
      joint.end(ended);
    }
    joint.end(3);
    joint.update(1, await processOf([0.002]));
    const lines = (await joint.text([])).split('\n');
    expect(lines).toContain('calls_total{outcome="ok"} 3');
    expect(lines).toContain('call_seconds_count{method="tools/call"} 3');
    expect(lines).toContain('open 1');
  });
});
