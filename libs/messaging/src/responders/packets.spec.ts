import { describe, expect, it } from 'vitest';
import { BoundedSerializer, REPLY_PROBLEM, ReplyDeserializer, RequestDeserializer } from './packets.js';

const message = (text: string) => ({
  subject: 's',
  data: Buffer.from(text),
  json: (): unknown => JSON.parse(text),
  respond: () => true,
});

describe('ReplyDeserializer', () => {
  const read = (text: string) => new ReplyDeserializer().deserialize(message(text));

  it("reads a responder's packet", () => {
    expect(read('{"id":"1","response":{"a":1},"isDisposed":true}')).toEqual({
      id: '1',
      response: { a: 1 },
      isDisposed: true,
    });
  });

  it.each(['x', '[]', 'null', '7', '{"stream":"S","seq":1}', '{"id":7,"response":1}', '{"response":1}'])(
    'takes %s for foreign',
    (text) => {
      expect(read(text)).toEqual({ err: REPLY_PROBLEM.foreign, isDisposed: true });
    },
  );

  it('says of a failure that there was one, and not what the other side said of it', () => {
    expect(read('{"id":"1","err":{"message":"secret"}}')).toEqual({
      id: '1',
      err: REPLY_PROBLEM.failed,
      isDisposed: true,
    });
  });
});

describe('RequestDeserializer', () => {
  it.each(['x', '[]', '"a"', '{"pattern":"other"}'])('makes of %s a packet without data', (text) => {
    const packet = new RequestDeserializer().deserialize(message(text), { channel: 'c' });
    expect(packet).toEqual({ pattern: 'c', data: undefined, id: undefined });
  });
});

describe('BoundedSerializer', () => {
  it('refuses a packet that is longer than a bus message may be', () => {
    expect(() => new BoundedSerializer().serialize({ data: 'a'.repeat(256 * 1024) })).toThrow(RangeError);
  });
});
