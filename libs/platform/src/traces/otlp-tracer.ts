import { randomUUID } from 'node:crypto';
import { SAMPLED, type TraceContext } from '@lethe/mcp';
import type { Logger } from '../logging/logger.js';
import { VERSION } from '../version.js';
import { OtlpClient } from './otlp-client.js';
import { type Sampler, samplerOf } from './sampler.js';
import { SpanClock } from './span-clock.js';
import { randomHex } from './span-ids.js';
import { spanForm } from './span-json.js';
import { type SpanCounts, SpanQueue } from './span-queue.js';
import type { TraceSettings } from './trace-settings.js';
import { type Span, type SpanEnd, type SpanForm, type SpanTimes, Tracer } from './tracer.js';

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
/** Bit of a trace's flags: its id is random (W3C Trace Context level 2). */
const RANDOM = 0x02;

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
    this.queue = new SpanQueue(new OtlpClient(settings, resource), settings, this.clock, counts, logger);
  }

  begin(parent: TraceContext | undefined, startedAt = performance.now()): Span | undefined {
    const traceId = parent?.traceId ?? randomHex(TRACE_ID_BYTES);
    if (!this.sampler(traceId, parent)) return undefined;
    const flags = SAMPLED | (parent ? parent.flags & RANDOM : RANDOM);
    return { traceId, spanId: newSpanId(), flags, parent, isParentRemote: true, startedAt };
  }

  child(parent: Span, startedAt = performance.now()): Span {
    const { traceId, flags } = parent;
    return { traceId, spanId: newSpanId(), flags, parent, isParentRemote: false, startedAt };
  }

  end(span: Span, form: SpanForm, end?: SpanEnd, given?: SpanTimes): void {
    const times = given ?? { startedAt: span.startedAt, endedAt: performance.now() };
    this.clock.read(times.endedAt);
    this.queue.add(span, form, end, times);
  }

  close(): Promise<void> {
    return this.queue.close();
  }
}

function newSpanId(): string {
  return randomHex(SPAN_ID_BYTES);
}
