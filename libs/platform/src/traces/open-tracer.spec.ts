import { describe, expect, it, vi } from 'vitest';
import { verifies } from '@test/requirements.js';
import { freePort } from '@test/support/upstreams/loopback-server.js';
import { createLogger } from '../logging/logger.js';
import { Metrics } from '../ops/metrics.js';
import { readSettings } from '../settings.config.js';
import { openTracer } from './open-tracer.js';
import { traceSettings } from './trace-settings.js';

const loaded = vi.hoisted(() => ({ isLoaded: false }));
vi.mock('./otlp-tracer.js', async (original) => {
  loaded.isLoaded = true;
  return original();
});

const ON = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:14318/otlp/' };
const SECRET = { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=S3cret' };

async function opened(env: NodeJS.ProcessEnv) {
  const lines: string[] = [];
  const logger = createLogger('test', 'info', { write: (line) => void lines.push(line) });
  const metrics = new Metrics();
  return { lines, metrics, tracer: await openTracer('test', readSettings(env), metrics, logger) };
}

describe('traceSettings', () => {
  it.each([
    [{}, undefined],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http://localhost:4318/v1/traces'],
    [ON, 'http://127.0.0.1:14318/otlp/v1/traces'],
    [{ ...ON, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://c.example/x?y=1' }, 'https://c.example/x?y=1'],
    [{ ...ON, OTEL_SDK_DISABLED: 'true' }, undefined],
    [{ ...ON, OTEL_SDK_DISABLED: 'True' }, undefined],
    [{ ...ON, OTEL_SDK_DISABLED: 'FALSE' }, 'http://127.0.0.1:14318/otlp/v1/traces'],
    [{ ...ON, OTEL_TRACES_EXPORTER: 'none' }, undefined],
  ])('with %o sends to %s', (env, url) => {
    expect(traceSettings(readSettings(env))?.url).toBe(url);
  });

  it.each([
    [{}, undefined],
    [{ ...ON, OTEL_SDK_DISABLED: 'true' }, undefined],
    [{ ...ON, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' }, 'http://127.0.0.1:14318/otlp/v1/traces'],
  ])('does not mind another protocol for all of OpenTelemetry with %o', (env, url) => {
    expect(traceSettings(readSettings({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', ...env }))?.url).toBe(url);
  });

  it.each(['OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'])(
    'refuses a protocol for traces that Lethe has not, in %s',
    (variable) => {
      const refused = () => traceSettings(readSettings({ ...ON, [variable]: 'http/protobuf' }));
      expect(refused).toThrow(`${variable} must be http/json: Lethe sends traces in no other form`);
    },
  );

  it('joins the headers of both variables', () => {
    const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'a=1,b=2', OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'b=3' };
    expect(traceSettings(readSettings({ ...ON, ...headers }))?.headers).toEqual({ a: '1', b: '3' });
  });

  it('takes attributes of the service in any language, and empty ones', () => {
    const resource = { OTEL_RESOURCE_ATTRIBUTES: 'site=Z%C3%BCrich, service.version=,k8s.pod.name=p-1' };
    expect(traceSettings(readSettings({ ...ON, ...resource }))?.resource).toEqual({
      site: 'Zürich',
      'service.version': '',
      'k8s.pod.name': 'p-1',
    });
  });
});

describe('openTracer', () => {
  it('loads nothing of traces without their settings', async () => {
    verifies('traces.off');
    expect((await opened(SECRET)).tracer).toBeUndefined();
    expect(loaded.isLoaded).toBe(false);
  });

  it('tells once that the collector can not be reached, and neither where it is nor what opens it', async () => {
    verifies('traces.off');
    const { tracer, lines, metrics } = await opened({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
      ...SECRET,
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1',
    });
    for (let n = 0; n < 3; n++) {
      const span = tracer?.begin(undefined);
      if (span) tracer?.end(span, tracer.form('server', 'n', {}));
    }
    await tracer?.close();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"reason":"unreachable","code":"ECONNREFUSED","msg":"Traces can not be sent"');
    expect(lines[0]).not.toMatch(/S3cret|127\.0\.0\.1/);
    expect(await metrics.registry.metrics()).toContain('lethe_spans_dropped_total{why="unreachable"} 3');
  });
});
