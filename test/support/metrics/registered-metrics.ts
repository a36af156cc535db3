import { Registry } from 'prom-client';
import { vi } from 'vitest';
import { z } from 'zod';
import type { MetricFacts } from './documented-metrics.js';

/** prom-client's types do not declare the names of labels. */
const REGISTERED = z.object({ name: z.string(), type: z.string(), labelNames: z.array(z.string()) });

/** What is registered while `start` runs, one list for each registry of metrics. Those of prom-client itself are left out. */
export async function registeredBy(start: () => Promise<void>): Promise<MetricFacts[][]> {
  const lists = new Map<unknown, MetricFacts[]>();
  const spy = vi.spyOn(Registry.prototype, 'registerMetric');
  try {
    await start();
    spy.mock.calls.forEach(([metric], at) => {
      const registry = spy.mock.contexts[at];
      lists.set(registry, [...(lists.get(registry) ?? []), ...factsOf(metric)]);
    });
  } finally {
    spy.mockRestore();
  }
  return [...lists.values()].filter((list) => list.length > 0);
}

function factsOf(metric: unknown): MetricFacts[] {
  const { name, type, labelNames } = REGISTERED.parse(metric);
  return /^(?:process|nodejs)_/.test(name) ? [] : [{ name, type, labels: labelNames }];
}
