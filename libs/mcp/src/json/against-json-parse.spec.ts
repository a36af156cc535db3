import { describe, expect, it } from 'vitest';
import { JsonWriter, mutated, seeded } from '@test/support/random-json.js';
import { decodeMessage, memberSpan, valueAt, withValue } from '../json-rpc.js';
import { scanMessage } from './message-scan.js';
import { nestsDeeperThan, valueNestsDeeperThan } from './nesting.js';
import { ObjectText } from './object-text.js';
import { ResponseIdScanner } from './response-id-scanner.js';
import { isObject, parseJson } from './value.js';

const TEXTS = 3_000;

/** Runs a check over many texts, each from its own seed; a failure names the text. */
function forTexts(check: (writer: JsonWriter, seed: number) => void, repeats = false): void {
  for (let seed = 1; seed <= TEXTS; seed++) check(new JsonWriter(seeded(seed), repeats), seed);
}

const own = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
const membersOf = (value: unknown): string[] => (isObject(value) ? Object.keys(value) : []);

/** Whether an object of the text names a member twice: written anew, it has fewer colons outside strings. */
function repeatsIn(json: string): boolean {
  const colons = (text: string) => text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length;
  return colons(json) !== colons(JSON.stringify(JSON.parse(json)));
}

/** Every member that the scan found is what `JSON.parse` finds under its name, and none is missing. */
function expectSpans(json: string): void {
  const bytes = Buffer.from(json);
  const scan = scanMessage(bytes.toString('latin1'), Infinity);
  const value = parseJson(json);
  if (!scan.ok) return expect(repeatsIn(json), json).toBe(true);
  for (const name of membersOf(value)) {
    if (!name.startsWith('params.')) expect(valueAt(bytes, scan.spans.get(name)), json).toEqual(own(value, name));
  }
  for (const name of membersOf(own(value, 'params'))) {
    const found = valueAt(bytes, scan.spans.get(`params.${name}`));
    expect(found, json).toEqual(own(own(value, 'params'), name));
  }
  for (const name of ['id', 'method', 'params', 'absent']) {
    expect(scan.spans.get(name) !== undefined, json).toBe(membersOf(value).includes(name));
    const inParams = membersOf(own(value, 'params')).includes(name);
    expect(scan.spans.get(`params.${name}`) !== undefined, json).toBe(inParams);
  }
}

describe('parseJson, against JSON.parse', () => {
  it('reads the same, however characters are written, and takes the same broken texts', () => {
    forTexts((writer) => {
      const json = writer.value(4);
      expect(parseJson(json), json).toEqual(JSON.parse(json));
      const broken = mutated(json, writer);
      let value: unknown;
      try {
        value = JSON.parse(broken);
      } catch {
        value = undefined;
      }
      expect(parseJson(broken), broken).toEqual(value);
    }, true);
  });
});

describe('the scan of a message, against JSON.parse', () => {
  it('finds the same members, written in whatever way', () => {
    forTexts((writer) => expectSpans(writer.object(4, { params: writer.object(3) })));
  });

  it('refuses a member named twice, and nothing else', () => {
    let refused = 0;
    forTexts((writer) => {
      const json = writer.below(2) > 0 ? writer.object(1) : `{"params":${writer.object(1)}}`;
      const isRefused = !scanMessage(Buffer.from(json).toString('latin1'), Infinity).ok;
      expect(isRefused, json).toBe(repeatsIn(json));
      if (isRefused) refused += 1;
    }, true);
    expect(refused).toBeGreaterThan(TEXTS / 20);
  });

  it('takes what JSON.parse takes of broken texts, and reads the same in it', () => {
    let taken = 0;
    forTexts((writer) => {
      const json = mutated(
        writer.object(3, { jsonrpc: '"2.0"', id: '1', method: '"m"', params: writer.object(2) }),
        writer,
      );
      const decoded = decodeMessage(Buffer.from(json));
      const value = parseJson(json);
      if (value === undefined) return expect(decoded.ok, json).toBe(false);
      if (isObject(value)) expectSpans(json);
      if (!decoded.ok || decoded.message.kind !== 'request') return;
      taken += 1;
      expect(decoded.message.method, json).toBe(own(value, 'method'));
      expect(decoded.message.id, json).toBe(own(value, 'id'));
      expect(decoded.message.params, json).toEqual(own(value, 'params') ?? {});
    });
    expect(taken).toBeGreaterThan(TEXTS / 10);
  });

  it('bounds the depth where JSON.parse nests as deep', () => {
    forTexts((writer) => {
      const json = writer.object(5);
      for (let max = 0; max < 7; max++) {
        const isDeeper = valueNestsDeeperThan(JSON.parse(json), max);
        expect(nestsDeeperThan(json, max), json).toBe(isDeeper);
        expect(scanMessage(Buffer.from(json).toString('latin1'), max).ok, json).toBe(!isDeeper);
      }
    });
  });
});

describe('edits of JSON texts, against parse, edit and stringify', () => {
  it('replace one value by its span and leave the others', () => {
    forTexts((writer) => {
      const json = writer.object(4);
      const bytes = Buffer.from(json);
      const value: unknown = JSON.parse(json);
      for (const name of membersOf(value)) {
        const span = memberSpan(bytes, { start: 0, end: bytes.length }, name);
        if (name.startsWith('params.') || !span) continue;
        const edited: unknown = JSON.parse(withValue(bytes, span, 'other').toString());
        expect(edited, json).toEqual({ ...Object(value), [name]: 'other' });
      }
    });
  });

  it('set and leave out members, named once or twice', () => {
    forTexts((writer) => {
      const json = `${writer.space()}${writer.object(4)}${writer.space()}`;
      const value: unknown = JSON.parse(json);
      const text = new ObjectText(json);
      const names = membersOf(value);
      for (const name of names) expect(parseJson(text.get(name) ?? ''), json).toEqual(own(value, name));
      const gone = writer.one([...names, 'absent']);
      const set = writer.one([...names, 'new']);
      const expected = new Map(Object.entries(Object(value)));
      expected.delete(gone);
      const to = writer.value(2);
      expected.set(set, JSON.parse(to));
      const edits = Object.fromEntries([[gone, undefined], [set, to]] as const); // prettier-ignore
      expect(JSON.parse(text.with(edits)), json).toEqual(Object.fromEntries(expected));
    }, true);
  });

  it('end for any text, also for one that no parser takes', () => {
    forTexts((writer) => {
      const text = new ObjectText(mutated(writer.object(3), writer));
      expect(typeof text.with({ a: '1' })).toBe('string');
    });
  });
});

describe('the scanner of response ids, against JSON.parse', () => {
  const scanned = (json: string, id: string | number, sizeOf: () => number): boolean => {
    const scanner = new ResponseIdScanner(id);
    const bytes = Buffer.from(json);
    for (let at = 0; at < bytes.length;) {
      const size = sizeOf();
      if (scanner.push(bytes.subarray(at, at + size)) !== undefined) return false;
      at += size;
    }
    return scanner.isWhole;
  };
  const idOf = (writer: JsonWriter): string | number =>
    writer.one([1, 7, 0, 'a', 'é', '😀"', '\\', '', 'x'.repeat(60)]);

  it('takes a response with this id and no other, wherever its chunks are cut', () => {
    let taken = 0;
    forTexts((writer) => {
      const id = idOf(writer);
      const written = typeof id === 'string' ? writer.string(id) : String(id);
      const json = writer.object(3, writer.below(3) > 0 ? { id: written, result: writer.value(3) } : {});
      const value: unknown = JSON.parse(json);
      const isResponse = own(value, 'id') === id && !membersOf(value).includes('method');
      if (isResponse) taken += 1;
      expect(
        scanned(json, id, () => 1 + writer.below(9)),
        json,
      ).toBe(isResponse);
      expect(
        scanned(json, id, () => json.length * 3),
        json,
      ).toBe(isResponse);
    });
    expect(taken).toBeGreaterThan(TEXTS / 3);
  });

  it('takes no broken text that JSON.parse reads as something else', () => {
    let taken = 0;
    forTexts((writer) => {
      const id = idOf(writer);
      const json = mutated(writer.object(2, { id: JSON.stringify(id), result: writer.value(2) }), writer);
      const value = parseJson(json);
      if (value === undefined || !scanned(json, id, () => 1 + writer.below(9))) return;
      taken += 1;
      expect(own(value, 'id'), json).toBe(id);
      expect(membersOf(value), json).not.toContain('method');
    }, true);
    expect(taken).toBeGreaterThan(TEXTS / 20);
  });
});
