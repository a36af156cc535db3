import type { Settings } from '../settings.config.js';
import { StartError } from '../start.error.js';
import type { SAMPLERS } from './otel-settings.js';

/** How a service makes traces and where it sends them. */
export interface TraceSettings {
  readonly url: string;
  /** May contain a credential: never log it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly sampler: (typeof SAMPLERS)[number];
  readonly samplerRatio: number;
  /** Attributes of the service, with its name if one is set. */
  readonly resource: Readonly<Record<string, string>>;
  readonly delayMs: number;
  readonly queued: number;
  readonly perBatch: number;
  readonly batchTimeoutMs: number;
}

/** https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
const DEFAULT_ENDPOINT = 'http://localhost:4318';

/**
 * The settings of traces; undefined if they are off.
 * @throws StartError for a protocol that Lethe has not
 */
export function traceSettings(settings: Settings): TraceSettings | undefined {
  const url = tracesUrl(settings);
  if (url === undefined || settings.otelDisabled === 'true' || settings.tracesExporter === 'none') return undefined;
  requireJson(settings);
  const { otelServiceName: name } = settings;
  return {
    url,
    headers: { ...settings.otlpHeaders, ...settings.otlpTracesHeaders },
    timeoutMs: settings.otlpTimeoutMs,
    sampler: settings.sampler,
    samplerRatio: settings.samplerRatio,
    resource: { ...settings.otelResource, ...(name !== undefined && { 'service.name': name }) },
    delayMs: settings.spansDelayMs,
    queued: settings.spansQueued,
    perBatch: Math.min(settings.spansPerBatch, settings.spansQueued),
    batchTimeoutMs: settings.batchTimeoutMs,
  };
}

function requireJson({ otlpProtocol, otlpTracesProtocol }: Settings): void {
  if ((otlpTracesProtocol ?? otlpProtocol) === 'http/json') return;
  const variable = `OTEL_EXPORTER_OTLP_${otlpTracesProtocol === undefined ? '' : 'TRACES_'}PROTOCOL`;
  throw new StartError(`${variable} must be http/json: Lethe sends traces in no other form`);
}

function tracesUrl({ otlpEndpoint, otlpTracesEndpoint, tracesExporter }: Settings): string | undefined {
  if (otlpTracesEndpoint !== undefined) return otlpTracesEndpoint;
  const base = otlpEndpoint ?? (tracesExporter === 'otlp' ? DEFAULT_ENDPOINT : undefined);
  if (base === undefined) return undefined;
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.href;
}
