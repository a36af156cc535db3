import { afterEach, describe, expect, it, vi } from 'vitest';
import { Readiness } from './readiness.js';
import { serviceMetrics } from './service-metrics.js';

describe('Readiness', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('counts a part that does not answer as one that does not work, before health checks give up', async () => {
    vi.useFakeTimers();
    const readiness = new Readiness();
    readiness.register('database', () => new Promise(() => undefined));
    readiness.register('bus', () => true);
    const report = readiness.report();
    await vi.advanceTimersByTimeAsync(1_900);
    expect(await report).toEqual({ isReady: false, checks: { database: false, bus: true, running: true } });
  });

  it('is a metric too, of each check', async () => {
    const readiness = new Readiness();
    let isThere = true;
    readiness.register('bus', () => isThere);
    const metrics = serviceMetrics('proxy', readiness);
    const lines = async () => (await metrics.registry.metrics()).split('\n');
    expect(await lines()).toContain('lethe_ready{check="bus"} 1');
    isThere = false;
    await readiness.drain();
    expect(await lines()).toEqual(
      expect.arrayContaining(['lethe_ready{check="bus"} 0', 'lethe_ready{check="running"} 0']),
    );
    expect((await lines()).join('\n')).toMatch(/^lethe_build_info\{version="\d+\.\d+\.\d+",service="proxy"\} 1$/m);
  });
});
