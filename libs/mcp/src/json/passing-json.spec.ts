import { describe, expect, it } from 'vitest';
import { mayAsk, PassingJson, withoutReservedNames } from './passing-json.js';

const FORGED = [
  '{"result":{"_meta":{"lethe/error":{"reason":"x"}}}}',
  String.raw`{"_meta":{"a":"\\","lethe\/leftOut" : []}}`,
  String.raw`{"_meta":{"l\u0065the/error":1}}`,
  String.raw`{"_meta":{"\u006Cethe\u002Ferror":1}}`,
];
const HARMLESS = [
  '{"text":"lethe/error: see there","lethal":1,"lethe":2}',
  String.raw`{"text":"{\"lethe/error\":1}"}`,
  String.raw`{"text":"\\\"lethe/error\":"}`,
  '["lethe/error"]',
];
const ASKING = [
  '{"result":{"inputRequests":{}}}',
  '{"error":{"data":{"elicitations":[]}}}',
  String.raw`{"result":{"input\u0052equests":{}}}`,
];
const push = (json: string, at = json.length): { passes: boolean; text: string } => {
  const names = new PassingJson();
  const chunks = [json.slice(0, at), json.slice(at)].map((text) => Buffer.from(text));
  const passes = chunks.every((chunk) => names.push(chunk) !== 'reserved');
  return { passes, text: Buffer.concat(chunks).toString() };
};

describe('withoutReservedNames', () => {
  it.each(FORGED)('leaves no member in %s that only Lethe may send', (json) => {
    const names: string[] = [];
    JSON.parse(withoutReservedNames(json), (name, value: unknown) => (names.push(name), value));
    expect(names.some((name) => /^inner\/(error|leftOut)$/.test(name))).toBe(true);
    expect(names.join()).not.toContain('lethe/');
  });

  it.each(HARMLESS)('leaves %s as it is', (json) => {
    expect(withoutReservedNames(json)).toBe(json);
  });
});

describe('PassingJson', () => {
  it('lets no such member pass, wherever a chunk ends', () => {
    for (const json of FORGED) {
      for (let at = 0; at <= json.length; at += 1) {
        const { passes, text } = push(json, at);
        expect(passes ? text : 'failed').toBe(passes ? withoutReservedNames(json) : 'failed');
      }
    }
    expect(push(FORGED[0] ?? '')).toEqual({ passes: true, text: (FORGED[0] ?? '').replace('lethe', 'inner') });
  });

  it('lets none pass byte by byte', () => {
    for (const json of FORGED) {
      const names = new PassingJson();
      expect([...json].every((byte) => names.push(Buffer.from(byte)) !== 'reserved')).toBe(false);
    }
  });

  it('changes no byte of other texts, wherever a chunk ends', () => {
    for (const json of HARMLESS) {
      for (let at = 0; at <= json.length; at += 1) expect(push(json, at)).toEqual({ passes: true, text: json });
    }
  });

  it('finds what asks a person, wherever a chunk ends', () => {
    for (const json of ASKING) {
      for (let at = 0; at < json.length; at += 1) {
        const passing = new PassingJson();
        const found = [json.slice(0, at), json.slice(at)].map((text) => passing.push(Buffer.from(text)));
        expect(found, json.slice(0, at)).toContain('asks');
      }
    }
  });
});

describe('mayAsk', () => {
  it.each(ASKING)('is true for %s', (json) => expect(mayAsk(json)).toBe(true));

  it.each([
    '{"text":"inputRequests, elicitations"}',
    String.raw`{"text":"{\"inputRequests\":{}}"}`,
    String.raw`{"text":"\\u0041 \u00e9 \u003c \u0060 \u0027"}`,
  ])('is false for %s', (json) => expect(mayAsk(json)).toBe(false));
});
