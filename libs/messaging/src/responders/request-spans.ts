import { readTraceparent } from '@lethe/mcp';
import { activeSpan, type Attributes, type Span, type SpanForm, type Tracer } from '@lethe/platform';
import type { CoreMessage } from '../core-connection.js';
import { traceparentIn } from './packets.js';

/**
 * Spans of requests over the bus, on both sides, within the trace of the work that sent one. Other requests, and all notices
 * and events, have none.
 */
export class RequestSpans {
  constructor(private readonly tracer: Tracer | undefined) {}

  /** @param subject with its wildcards: a concrete one may name a slot */
  async sending<T>(subject: string, send: () => Promise<T>): Promise<T> {
    const parent = activeSpan.getStore();
    if (!parent || !this.tracer) return send();
    const form = this.tracer.form('client', `request ${subject}`, attributesOf(subject));
    return this.within(this.tracer, this.tracer.child(parent), form, send);
  }

  async answering(subject: string, message: CoreMessage, answer: () => Promise<void>): Promise<void> {
    const parent = this.tracer && readTraceparent(traceparentIn(message));
    const span = parent && this.tracer?.begin(parent);
    if (!span || !this.tracer) return answer();
    const form = this.tracer.form('server', `process ${subject}`, attributesOf(subject));
    return this.within(this.tracer, span, form, answer);
  }

  private async within<T>(tracer: Tracer, span: Span, form: SpanForm, work: () => Promise<T>): Promise<T> {
    let failure: string | undefined = '_OTHER';
    try {
      const result = await activeSpan.run(span, work);
      failure = undefined;
      return result;
    } catch (error) {
      failure = error instanceof Error && 'code' in error ? String(error.code) : failure;
      throw error;
    } finally {
      tracer.end(span, form, { attributes: { 'error.type': failure }, isError: failure !== undefined });
    }
  }
}

/** https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
function attributesOf(subject: string): Attributes {
  return { 'messaging.system': 'nats', 'messaging.destination.template': subject };
}
