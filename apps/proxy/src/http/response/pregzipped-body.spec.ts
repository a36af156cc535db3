import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { PregzippedBody } from './pregzipped-body.js';

const BYTES = Buffer.from(
  `${JSON.stringify({ tools: Array.from({ length: 100 }, (_, n) => ({ name: `tool-${n}` })) })}}`,
);

describe('PregzippedBody', () => {
  it('is packed once and reads as the answer it ends, whatever stands before it', () => {
    const page = new PregzippedBody(BYTES, true);
    for (const start of ['', '{"id":1,"result":', `{"id":"${'ü'.repeat(20_000)}","result":`]) {
      const gzip = page.gzip(start);
      expect(gunzipSync(Buffer.from(gzip ?? '', 'latin1')).toString()).toBe(start + BYTES.toString());
    }
    expect(page.gzip('{')?.length).toBeLessThan(BYTES.length / 3);
  });

  it('keeps nothing in memory but itself', () => {
    const pooled = Buffer.from(BYTES.subarray(0, 100));
    expect(pooled.buffer.byteLength).toBeGreaterThan(100);
    expect(new PregzippedBody(pooled, true).bytes.buffer.byteLength).toBe(100);
  });

  it('is not packed for one answer, when it is short or very long, and after a start that no block holds', () => {
    expect(new PregzippedBody(BYTES, false).gzip('{')).toBeUndefined();
    expect(new PregzippedBody(BYTES.subarray(0, 500), true).gzip('{')).toBeUndefined();
    expect(new PregzippedBody(Buffer.alloc(4 * 1024 * 1024 + 1), true).gzip('{')).toBeUndefined();
    expect(new PregzippedBody(BYTES, true).gzip(' '.repeat(65_536))).toBeUndefined();
  });
});
