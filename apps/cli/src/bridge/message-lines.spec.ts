import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { MessageLines } from './message-lines.js';

async function* chunks(...parts: (string | Error)[]): AsyncGenerator<Buffer, void> {
  for (const part of parts) {
    await Promise.resolve();
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
  }
}

describe('the lines of messages', () => {
  it('have one message each, also while a long one is written', async () => {
    const out = new PassThrough();
    const lines = new MessageLines(out);
    const long = lines.stream(chunks('{"a":\n', '"', 'x'.repeat(100_000), '"\r\n}'));
    const others = [lines.write('{"b":\n1}'), lines.write('{"c":2}')];
    const said = text(out);
    await Promise.all([long, ...others]);
    out.end();
    const written = (await said).trimEnd().split('\n').map((line) => JSON.parse(line) as unknown);
    expect(written).toEqual([{ a: 'x'.repeat(100_000) }, { b: 1 }, { c: 2 }]);
  }); // prettier-ignore

  it('end where a message was cut, so that the next one is whole', async () => {
    const out = new PassThrough();
    const lines = new MessageLines(out);
    await expect(lines.stream(chunks('{"a":', new Error('cut')))).rejects.toThrow('cut');
    await lines.write('{"b":1}');
    out.end();
    expect(await text(out)).toBe('{"a":\n{"b":1}\n');
  });

  it('wait for a reader that is slow, and for none that has gone', async () => {
    const out = new PassThrough({ highWaterMark: 4 });
    const lines = new MessageLines(out);
    let isWritten = false;
    const written = lines.write('{"long":true}').then(() => (isWritten = true));
    await Promise.resolve();
    expect(isWritten).toBe(false);
    out.destroy();
    await written;
    await lines.write('{"more":1}');
  });
});
