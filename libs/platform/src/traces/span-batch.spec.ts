import { describe, expect, it, vi } from 'vitest';
import { SpanBatch } from './span-batch.js';
import { SpanClock } from './span-clock.js';
import { spanForm } from './span-json.js';
import type { Span } from './tracer.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = { traceId: TRACE, spanId: 'b7ad6b7169203331', flags: 1 };
const ROOT: Span = {
  traceId: TRACE,
  spanId: '00f067aa0ba902b7',
  flags: 3,
  parent: undefined,
  isParentRemote: true,
  startedAt: 0,
};
const TIMES = { startedAt: 2.345678, endedAt: 1_999.999 };
const BEGUN = { startTimeUnixNano: '1700000000002346000', endTimeUnixNano: '1700000001999999000' };

function clock(): SpanClock {
  const made = new SpanClock();
  vi.spyOn(Date, 'now').mockReturnValueOnce(1_700_000_000_000);
  made.read(0);
  return made;
}

describe('SpanBatch', () => {
  it('is one JSON text, whatever its spans have, also when it grows', () => {
    const batch = new SpanBatch(Buffer.from('['), 1, clock());
    const form = spanForm('server', 'tools/call größe', { 'server.port': 80, key: '"\n' });
    const bare = spanForm('client', 'x'.repeat(300), {});
    const child: Span = { ...ROOT, flags: 1, parent: PARENT };
    batch.add(ROOT, form, undefined, TIMES);
    batch.add(child, form, { attributes: { 'error.type': 'ü', none: undefined }, isError: true, link: PARENT }, TIMES);
    batch.add({ ...child, isParentRemote: false }, bare, { attributes: { n: 1 } }, TIMES);
    batch.add(ROOT, bare, {}, TIMES);
    const attributes = [
      { key: 'server.port', value: { intValue: '80' } },
      { key: 'key', value: { stringValue: '"\n' } },
    ];
    const failed = { key: 'error.type', value: { stringValue: 'ü' } };
    const own = { traceId: TRACE, spanId: ROOT.spanId, ...BEGUN };
    const parentSpanId = PARENT.spanId;
    const served = { ...own, name: 'tools/call größe', kind: 2 };
    const sent = { ...own, name: 'x'.repeat(256), kind: 3 };
    expect(JSON.parse(batch.closed(']').toString('utf8'))).toEqual([
      { ...served, flags: 0x103, attributes },
      {
        ...served,
        flags: 0x301,
        parentSpanId,
        attributes: [...attributes, failed],
        links: [{ traceId: TRACE, spanId: parentSpanId, flags: 0x301 }],
        status: { code: 2 },
      },
      { ...sent, flags: 0x101, parentSpanId, attributes: [{ key: 'n', value: { intValue: '1' } }] },
      { ...sent, flags: 0x103, attributes: [] },
    ]);
    batch.clear();
    expect(batch.closed(']').toString('utf8')).toBe('[]');
  });
});
