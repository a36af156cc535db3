import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { readSettings } from '@lethe/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Supervisor } from '../../apps/proxy/src/workers/supervisor.js';
import { verifies } from '../requirements.js';
import { documentedMetrics, type MetricFacts } from '../support/metrics/documented-metrics.js';
import { registeredBy } from '../support/metrics/registered-metrics.js';
import { startWholeLethe, type WholeLethe } from '../support/whole-lethe.js';

const SERVICES = ['registry', 'connector', 'proxy'] as const;
const EVERY = 'every service';

const byName = (metrics: readonly MetricFacts[]) =>
  metrics.toSorted((one, other) => one.name.localeCompare(other.name));
const namesOf = (metrics: readonly MetricFacts[] = []) => metrics.map(({ name }) => name);

describe('docs/operations/observability.md', () => {
  const documented = documentedMetrics();
  let lethe: WholeLethe;
  let registered: Record<string, MetricFacts[]>;

  beforeAll(async () => {
    const lists = await registeredBy(async () => {
      lethe = await startWholeLethe();
      // The process above the workers of a proxy, without workers.
      new Supervisor(readSettings({}));
    });
    const everywhere = new Set(namesOf(documented.get(EVERY)));
    const isWhole = (list: MetricFacts[]) => namesOf(list).includes('lethe_build_info');
    const own = lists.map((list) => list.filter(({ name }) => !everywhere.has(name)));
    const of = (service: string) => own.filter((list) => list.some(({ name }) => name.includes(`_${service}_`))).flat();
    const shared = lists.filter(isWhole).map((list) => list.filter(({ name }) => everywhere.has(name)));
    expect(shared).toHaveLength(SERVICES.length);
    for (const list of shared) expect(byName(list)).toEqual(byName(shared[0] ?? []));
    registered = { [EVERY]: shared[0] ?? [] };
    for (const service of SERVICES) registered[`a ${service}`] = of(service);
  });
  afterAll(() => lethe.close());

  it.each([...SERVICES.map((service) => `a ${service}`), EVERY])('has the metrics of %s, and no others', (owner) => {
    verifies('operations.metrics-documented');
    expect(byName(documented.get(owner) ?? [])).toEqual(byName(registered[owner] ?? []));
  });

  it('begins with the one to alarm on first', () => {
    verifies('operations.metrics-documented');
    expect([...documented.values()][0]?.[0]?.name).toBe('lethe_proxy_routes_confirmed_seconds');
  });

  it.each(['livez', 'readyz', 'metrics'])(
    'is right that a proxy serves /%s under any name, without a key',
    async (path) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const asked = request(`${lethe.proxyUrl}/${path}`, { headers: { host: 'proxy-1:4500' } }, (response) => {
        text(response).then((body) => resolve(`${response.statusCode} ${body}`), reject);
      });
      asked.on('error', reject).end();
      expect(await promise).toMatch(/^200 /);
    },
  );
});
