import { describe, expect, it } from 'vitest';
import { ReservedNames, withoutReservedNames } from './reserved-names.js';

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
const push = (json: string, at = json.length): { passes: boolean; text: string } => {
  const names = new ReservedNames();
  const chunks = [json.slice(0, at), json.slice(at)].map((text) => Buffer.from(text));
  const passes = chunks.every((chunk) => names.push(chunk));
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

describe('ReservedNames', () => {
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
      const names = new ReservedNames();
      expect([...json].every((byte) => names.push(Buffer.from(byte)))).toBe(false);
    }
  });

  it('changes no byte of other texts, wherever a chunk ends', () => {
    for (const json of HARMLESS) {
      for (let at = 0; at <= json.length; at += 1) expect(push(json, at)).toEqual({ passes: true, text: json });
    }
  });
});
