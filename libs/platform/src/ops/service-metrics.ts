import { VERSION } from '../version.js';
import { Metrics } from './metrics.js';
import type { Readiness } from './readiness.js';

/** The metrics that every service begins with: those of its process, which build it is, and whether its parts work. */
export function serviceMetrics(service: string, readiness: Readiness): Metrics {
  const metrics = new Metrics();
  metrics.gauge('lethe_build_info', 'Always 1', ['version', 'service'], 'max').set({ version: VERSION, service }, 1);
  // Of several processes, one that is not ready counts.
  metrics.askedGauge('lethe_ready', 'The checks of /readyz: 1 if it passes', ['check'], 'min', async (gauge) => {
    const { checks } = await readiness.report();
    for (const [check, passes] of Object.entries(checks)) gauge.set({ check }, passes ? 1 : 0);
  });
  return metrics;
}
