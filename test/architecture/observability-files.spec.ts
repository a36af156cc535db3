import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '@lethe/platform';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { verifies } from '../requirements.js';
import { documentedMetrics, type MetricFacts } from '../support/metrics/documented-metrics.js';
import { namedIn, type NamedMetric } from '../support/metrics/queries.js';
import { ROOT } from '../support/processes.js';

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const RULES = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({ alert: z.string(), expr: z.string(), annotations: z.object({ summary: z.string() }) }).loose(),
      ),
    }),
  ),
});
const DASHBOARD = z.object({
  panels: z.array(
    z.object({
      id: z.number(),
      title: z.string(),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).default([]),
    }),
  ),
});
const CONFIG = z.object({
  rule_files: z.array(z.string()),
  scrape_configs: z.array(
    z.object({ job_name: z.string(), static_configs: z.array(z.object({ targets: z.array(z.string()) })) }),
  ),
});
const SERVICE = z.object({ image: z.string(), environment: z.record(z.string(), z.unknown()).default({}) }).loose();
const COMPOSE = z.object({ services: z.record(z.string(), SERVICE), volumes: z.record(z.string(), z.unknown()) });

const rules = RULES.parse(parse(read('deploy/prometheus/alerts.yml'))).groups.flatMap((group) => group.rules);
const { panels } = DASHBOARD.parse(JSON.parse(read('deploy/grafana/lethe.json')));
const config = CONFIG.parse(parse(read('deploy/prometheus/prometheus.yml')));
const compose = COMPOSE.parse(parse(read('docker-compose.yml'), { merge: true }));

/** What Prometheus itself adds to each series. */
const ADDED = ['job', 'instance'];
const existing = new Map<string, MetricFacts>();
for (const metric of [...documentedMetrics().values()].flat()) existing.set(metric.name, metric);
const ofProcess = new Registry();
collectDefaultMetrics({ register: ofProcess });
for (const { name, type } of ofProcess.getMetricsAsArray())
  existing.set(name, { name, type: String(type), labels: [] });
existing.set('up', { name: 'up', type: 'gauge', labels: [] });

function problemOf({ name, labels, outcomes }: NamedMetric): string | undefined {
  const [, base = name, suffix] = /^(.*)(_bucket|_count|_sum)$/.exec(name) ?? [];
  const metric = existing.get(name) ?? existing.get(base);
  if (metric === undefined) return `no service has ${name}`;
  if ((metric.type === 'histogram') !== (suffix !== undefined)) return `${name} is no series`;
  const known = [...metric.labels, ...ADDED, ...(suffix === '_bucket' ? ['le'] : [])];
  const label = labels.find((each) => !known.includes(each));
  if (label !== undefined) return `${name} has no label ${label}`;
  const codes = ['ok', 'client_gone', 'done', 'retry', 'dead', ...Object.keys(ERRORS)];
  const outcome = outcomes.find((each) => !codes.includes(each));
  return outcome && `${name} has no outcome ${outcome}`;
}

/** Labels in texts that are filled in: those of the query's result. */
function problemsOf(expr: string, text: string): string[] {
  const { metrics, kept } = namedIn(expr);
  const shown = [...text.matchAll(/\{\{ *(?:\$labels\.)?(\w+) *\}\}/g)].map(([, label = '']) => label);
  const all = metrics.map((metric) => ({ ...metric, labels: [...metric.labels, ...(kept ?? shown)] }));
  const lost = kept === undefined ? [] : shown.filter((label) => !kept.includes(label));
  return [...all.flatMap((metric) => problemOf(metric) ?? []), ...lost.map((label) => `${label} is not in the result`)];
}

describe('the alert rules', () => {
  it.each(rules.map(({ alert, ...rule }) => [alert, rule] as const))('%s: names what exists', (_alert, rule) => {
    verifies('operations.dashboards-exist');
    expect(problemsOf(rule.expr, rule.annotations.summary)).toEqual([]);
  });

  it('begin with the one to alarm on first, and each has a line that says what to do, and a test', () => {
    const page = read('docs/operations/observability.md');
    const named = [...page.matchAll(/^\| `(Lethe\w+)`/gm)].map(([, name]) => name);
    expect(named).toEqual(rules.map(({ alert }) => alert));
    expect(named[0]).toBe('LetheRoutesNotConfirmed');
    const tests = read('deploy/prometheus/alerts.test.yml');
    expect(rules.filter(({ alert }) => tests.split(`alertname: ${alert}`).length < 3)).toEqual([]);
  });

  it('are found to be wrong when they are', () => {
    expect(problemsOf('rate(lethe_proxy_calls_totals[5m])', '')).toEqual(['no service has lethe_proxy_calls_totals']);
    expect(problemsOf('sum by (tool) (rate(lethe_proxy_calls_total{methods="x"}[5m]))', '')).toEqual([
      'lethe_proxy_calls_total has no label methods',
    ]);
    expect(problemsOf('sum by (tool) (lethe_proxy_streams_open)', '')).toEqual([
      'lethe_proxy_streams_open has no label tool',
    ]);
    expect(problemsOf('lethe_proxy_call_seconds > 1', '')).toEqual(['lethe_proxy_call_seconds is no series']);
    expect(problemsOf('lethe_proxy_calls_total{outcome=~"ok|gone"}', '')).toEqual([
      'lethe_proxy_calls_total has no outcome gone',
    ]);
    expect(problemsOf('sum by (kind) (lethe_proxy_streams_open)', '{{instance}}')).toEqual([
      'instance is not in the result',
    ]);
  });
});

describe('the dashboard', () => {
  it.each(panels.filter(({ targets }) => targets.length > 0).map(({ title, targets }) => [title, targets] as const))(
    '%s: shows what exists',
    (_title, targets) => {
      verifies('operations.dashboards-exist');
      expect(targets.flatMap(({ expr, legendFormat }) => problemsOf(expr, legendFormat))).toEqual([]);
    },
  );

  it('shows every metric of Lethe', () => {
    const shown = panels.flatMap(({ targets }) => targets).map(({ expr }) => expr).join('\n'); // prettier-ignore
    const names = [...existing.keys()].filter((name) => name.startsWith('lethe_'));
    expect(names.filter((name) => !shown.includes(name))).toEqual([]);
  });

  it('has panels that do not overlap', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });
});

describe('the compose profile observe', () => {
  const observers = Object.entries(compose.services).filter(([, service]) => 'profiles' in service);

  it('is Prometheus, Grafana and Jaeger, hardened like the others, without a password and for this machine only', () => {
    const seen = observers.filter(([name]) => ['grafana', 'jaeger', 'prometheus'].includes(name));
    expect(seen.map(([name]) => name)).toEqual(['grafana', 'jaeger', 'prometheus']);
    for (const [, service] of seen)
      expect(service).toMatchObject({
        profiles: ['observe'],
        cap_drop: ['ALL'],
        read_only: true,
        security_opt: ['no-new-privileges:true'],
        mem_limit: expect.any(String),
        ports: [expect.stringMatching(/^127\.0\.0\.1:/)],
        image: expect.stringMatching(/:v?\d+\.\d+\.\d+$/),
      });
    expect(Object.keys(compose.services['grafana']?.environment ?? {}).filter((name) => /PASSWORD/.test(name))).toEqual(
      [],
    );
  });

  it('mounts files that exist', () => {
    const volumes = observers.flatMap(([, { volumes: mounted }]) => z.array(z.string()).default([]).parse(mounted));
    const sources = volumes.map((volume) => volume.split(':')[0] ?? '');
    const isThere = (source: string) =>
      source.startsWith('./') ? existsSync(join(ROOT, source)) : source in compose.volumes;
    expect(sources.filter((source) => !isThere(source))).toEqual([]);
    expect(sources.length).toBeGreaterThan(0);
  });

  it('scrapes every service of Lethe at its port', () => {
    const ports = new Map(
      [...read('deploy/image/apps.mjs').matchAll(/^ {2}(\w+): \{.*\|\| (\d+) \}/gm)].map(([, app, port]) => [
        app,
        port,
      ]),
    );
    const expected = Object.entries(compose.services).flatMap(([name, { environment }]) => {
      const app = String(environment['APP']);
      return ['registry', 'connector', 'proxy'].includes(app) ? [`lethe-${app} ${name}:${ports.get(app)}`] : [];
    });
    const scraped = config.scrape_configs.flatMap(({ job_name: job, static_configs: groups }) =>
      groups.flatMap(({ targets }) => targets.map((target) => `${job} ${target}`)),
    );
    expect(scraped.toSorted()).toEqual(expected.toSorted());
    expect(config.rule_files).toEqual(['alerts.yml']);
  });
});
