import { describe, expect, it } from 'vitest';
import { BoundedSerializer, decodeReply, encodeFailure, encodeReply, RequestDeserializer } from './packets.js';

const message = (text: string) => ({
  subject: 's',
  data: Buffer.from(text),
  json: (): unknown => JSON.parse(text),
  respond: () => true,
});

describe('a reply', () => {
  const read = (text: string) => decodeReply(message(text), '1');

  it('is what a responder sent for this request', () => {
    expect(read('{"id":"1","response":{"a":1},"isDisposed":true}')).toEqual({ response: { a: 1 } });
    expect(read(encodeReply('1', { a: 1 }))).toEqual({ response: { a: 1 } });
    expect(read('{"id":"2","response":{"a":1},"isDisposed":true}')).toBeUndefined();
  });

  it.each(['x', '[]', 'null', '7', '{"stream":"S","seq":1}', '{"id":7,"response":1}', '{"response":1}'])(
    'is invalid if it is %s',
    (text) => {
      expect(read(text)).toEqual({ problem: 'invalid_reply' });
    },
  );

  it('says of a failure that there was one, and not what the other side said of it', () => {
    expect(read('{"id":"1","err":{"message":"secret"}}')).toEqual({ problem: 'failed' });
    expect(read(encodeFailure('1'))).toEqual({ problem: 'failed' });
  });

  it('without a byte says that nobody responds', () => {
    expect(read('')).toEqual({ problem: 'no_responders' });
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
