import { randomUUID } from 'node:crypto';
import { SAMPLED, type TraceContext } from '@lethe/mcp';
import type { Logger } from '../logging/logger.js';
import { VERSION } from '../version.js';
import { OtlpClient } from './otlp-client.js';
import { type Sampler, samplerOf } from './sampler.js';
import { SpanClock } from './span-clock.js';
import { randomHex } from './span-ids.js';
import { spanForm, spanJson } from './span-json.js';
import { type SpanCounts, SpanQueue } from './span-queue.js';
import type { TraceSettings } from './trace-settings.js';
import { type Span, type SpanEnd, type SpanForm, type SpanTimes, Tracer } from './tracer.js';

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
/** Bit of a trace's flags: its id is random (W3C Trace Context level 2). */
const RANDOM = 0x02;
const NOTHING: SpanEnd = {};

/** A tracer whose spans go to an OpenTelemetry collector. */
export class OtlpTracer extends Tracer {
  readonly form = spanForm;
  private readonly sampler: Sampler;
  private readonly queue: SpanQueue;
  private readonly clock = new SpanClock();

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
    return newSpan(traceId, SAMPLED | (parent ? parent.flags & RANDOM : RANDOM), parent, true);
  }

  child(parent: Span): Span {
    return newSpan(parent.traceId, parent.flags, parent, false);
  }

  end(span: Span, form: SpanForm, end = NOTHING, times?: SpanTimes): void {
    const { clock } = this;
    const startedAt = times?.startedAt ?? span.startedAt;
    const endedAt = times?.endedAt ?? performance.now();
    clock.read(endedAt);
    this.queue.add(spanJson(span, form, end, clock.nanos(startedAt), clock.nanos(endedAt)));
  }

  close(): Promise<void> {
    return this.queue.close();
  }
}

function newSpan(traceId: string, flags: number, parent: TraceContext | undefined, isParentRemote: boolean): Span {
  return { traceId, spanId: randomHex(SPAN_ID_BYTES), flags, parent, isParentRemote, startedAt: performance.now() };
}
