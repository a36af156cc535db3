import { randomUUID } from 'node:crypto';
import { SAMPLED, type TraceContext } from '@lethe/mcp';
import type { Logger } from '../logging/logger.js';
import { VERSION } from '../version.js';
import { OtlpClient } from './otlp-client.js';
import { type Sampler, samplerOf } from './sampler.js';
import { randomHex } from './span-ids.js';
import { spanJson } from './span-json.js';
import { type SpanCounts, SpanQueue } from './span-queue.js';
import type { TraceSettings } from './trace-settings.js';
import { type Span, type SpanEnd, Tracer } from './tracer.js';

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
/** Bit of a trace's flags: its id is random (W3C Trace Context level 2). */
const RANDOM = 0x02;
/** The clock may have been set: the difference to `performance.now()` is read again as often as this. */
const CLOCK_MS = 1_000;

/** A tracer whose spans go to an OpenTelemetry collector. */
export class OtlpTracer extends Tracer {
  private readonly sampler: Sampler;
  private readonly queue: SpanQueue;
  private epochMs = NaN;
  private epochReadAt = -Infinity;

  constructor(service: string, settings: TraceSettings, counts: SpanCounts, logger: Logger) {
    super();
    const resource = {
      'service.name': `lethe-${service}`,
      'service.version': VERSION,
      'service.instance.id': randomUUID(),
      ...settings.resource,
    };
    this.sampler = samplerOf(settings);
    this.queue = new SpanQueue(new OtlpClient(settings, resource), settings, counts, logger);
  }

  begin(parent: TraceContext | undefined): Span | undefined {
    const traceId = parent?.traceId ?? randomHex(TRACE_ID_BYTES);
    if (!this.sampler(traceId, parent)) return undefined;
    return this.span(traceId, SAMPLED | (parent ? parent.flags & RANDOM : RANDOM), parent, true);
  }

  child(parent: Span): Span {
    return this.span(parent.traceId, parent.flags, parent, false);
  }

  end(span: Span, end: SpanEnd): void {
    const now = performance.now();
    if (now - this.epochReadAt > CLOCK_MS) {
      this.epochMs = Date.now() - now;
      this.epochReadAt = now;
    }
    this.queue.add(spanJson(span, end, this.epochMs));
  }

  close(): Promise<void> {
    return this.queue.close();
  }

  private span(traceId: string, flags: number, parent: TraceContext | undefined, isParentRemote: boolean): Span {
    return { traceId, spanId: randomHex(SPAN_ID_BYTES), flags, parent, isParentRemote, startedAt: performance.now() };
  }
}
