import { describe, expect, it } from 'vitest';
import { MessageReader, MessageTooLong } from './message-reader.js';

function reader(isStream: boolean) {
  const received: unknown[] = [];
  const onMessage = (message: unknown, _json: string, id: string | undefined): boolean =>
    received.push([message, id]) > 0;
  return { received, reader: new MessageReader(isStream, { onMessage }) };
}

describe('MessageReader', () => {
  it('reads a body as one message, whatever its chunks', () => {
    const { received, reader: body } = reader(false);
    for (const part of ['{"a', '":1}']) body.data(Buffer.from(part));
    body.end();
    expect(received).toEqual([[{ a: 1 }, undefined]]);
  });

  it('reads a stream event by event with the last id that was given', () => {
    const { received, reader: stream } = reader(true);
    stream.data(Buffer.from('id: 1\ndata:\n\n:\n\ndata: {"a":1}\n\nid: 2\ndata: nonsense\n\ndata: {"b":2}\n\n'));
    expect(received).toEqual([
      [{ a: 1 }, '1'],
      [{ b: 2 }, '2'],
    ]);
  });

  it('holds no more of a body than can be translated', () => {
    const { reader: body } = reader(false);
    const chunk = Buffer.alloc(8 * 1024 * 1024);
    body.data(chunk);
    body.data(chunk);
    expect(() => body.data(Buffer.alloc(1))).toThrow(MessageTooLong);
  });
});
