import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../ops/metrics.js';
import type { Settings } from '../settings.config.js';
import type { SpanCounts } from './span-queue.js';
import { traceSettings } from './trace-settings.js';
import type { Tracer } from './tracer.js';

/** The tracer of a service; undefined if traces are off: then nothing of them is loaded. */
export async function openTracer(
  service: string,
  settings: Settings | undefined,
  metrics: Metrics,
  logger: Logger,
): Promise<Tracer | undefined> {
  const counts = spanCounts(metrics);
  const on = settings && traceSettings(settings);
  if (!on) return undefined;
  const { OtlpTracer } = await import('./otlp-tracer.js');
  return new OtlpTracer(service, on, counts, logger);
}

function spanCounts(metrics: Metrics): SpanCounts {
  const sent = metrics.counter('lethe_spans_sent_total', 'Spans that the collector accepted');
  const dropped = metrics.counter('lethe_spans_dropped_total', 'Spans that were not sent', ['why']);
  return { sent: (spans) => sent.inc(spans), dropped: (why, spans) => dropped.inc({ why }, spans) };
}
