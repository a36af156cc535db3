import { describe, expect, it } from 'vitest';
import { isTracestate, readTraceparent, traceparentOf } from './trace-context.js';

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('readTraceparent', () => {
  it('reads what traceparentOf writes, and of a later version what this one knows', () => {
    const context = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', flags: 1 };
    expect(readTraceparent(PARENT)).toEqual(context);
    expect(traceparentOf(context)).toBe(PARENT);
    expect(readTraceparent(`cc${PARENT.slice(2, -2)}ff-more`)).toEqual({ ...context, flags: 3 });
  });

  it.each([
    ...[undefined, null, 7, {}, '', 'x', PARENT.toUpperCase(), `ff${PARENT.slice(2)}`, `${PARENT}0`, `${PARENT}\n`],
    PARENT.replace(/4bf9.*4736/, '0'.repeat(32)),
    PARENT.replace(/00f0.*b7/, '0'.repeat(16)),
  ])('takes %j for none', (value) => {
    expect(readTraceparent(value)).toBeUndefined();
  });
});

describe('isTracestate', () => {
  it.each([
    ['a=1,b=2', true],
    ['x'.repeat(513), false],
    ['', false],
    ['a=\n', false],
    ['a=ü', false],
    [7, false],
  ])('%j: %j', (value, is) => {
    expect(isTracestate(value)).toBe(is);
  });
});
