import { activeSpan, type Span, type SpanEnd, type SpanForm, Tracer } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import type { CoreMessage } from '../core-connection.js';
import { RequestSpans } from './request-spans.js';

const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];

class KeepingTracer extends Tracer {
  readonly ended: [name: string, end: SpanEnd | undefined][] = [];
  begin = (parent: Span['parent']): Span => ({ traceId, spanId, flags: 1, parent, isParentRemote: true, startedAt: 0 });
  child = (parent: Span): Span => ({ ...parent, parent, isParentRemote: false });
  form = (_kind: string, name: string): SpanForm => ({ bytes: Buffer.from(name), hasAttributes: false });
  end = (_span: Span, { bytes }: SpanForm, end?: SpanEnd): void => void this.ended.push([bytes.toString(), end]);
  close = (): Promise<void> => Promise.resolve();
}

const packet = JSON.stringify({ id: '1', traceparent: `00-${traceId}-${spanId}-01` });
const message: CoreMessage = Object.assign(Object.create(null), { json: () => JSON.parse(packet) });

describe('RequestSpans', () => {
  const [fails, works] = [() => Promise.reject(new RangeError('too long')), () => Promise.resolve()];

  it('ends the span of a request that could not be answered, as failed', async () => {
    const tracer = new KeepingTracer();
    const spans = new RequestSpans(tracer);
    await expect(spans.answering('s', message, fails)).rejects.toThrow(RangeError);
    await spans.answering('s', message, works);
    expect(tracer.ended).toEqual([
      ['process s', { attributes: { 'error.type': '_OTHER' }, isError: true }],
      ['process s', { attributes: { 'error.type': undefined }, isError: false }],
    ]);
  });

  it('has a span of what is sent within another one only, also if it fails', async () => {
    const tracer = new KeepingTracer();
    const spans = new RequestSpans(tracer);
    await spans.sending('s', works);
    await expect(activeSpan.run(tracer.begin(undefined), () => spans.sending('s', fails))).rejects.toThrow(RangeError);
    expect(tracer.ended).toEqual([['request s', { attributes: { 'error.type': '_OTHER' }, isError: true }]]);
  });
});
