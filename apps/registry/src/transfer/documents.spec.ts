import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LetheError } from '@lethe/platform';
import { asJson } from './document.js';
import { readDocument } from './read-document.js';
import { documentText, formFor } from './write-document.js';

async function textOf(form: 'yaml' | 'json', gateways: object[]): Promise<string> {
  let text = '';
  for await (const part of documentText(form, { gateways: gateways.map(asJson), servers: [] })) text += part;
  return text;
}

const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', ' ', 'yes', 'null', '~', '1e3', '- a', 'a: b', '# c', '\t', '\r\n', 'a\n\n', '\n a', '\u0085', '\u2028', '\ufeff', '"', "'", '%', '---', '...', '<<', '!!str'), // prettier-ignore
);
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 4 }, words, fc.boolean(), fc.integer(), tie('list'), tie('map')),
  list: fc.array(tie('any'), { maxLength: 3 }),
  map: fc.dictionary(words, tie('any'), { maxKeys: 3 }),
})).map;

describe('a document', () => {
  it('is read as what was written, whatever its texts are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 3 }), async (objects) => {
        const json = (objects as object[]).map(asJson);
        for (const form of ['yaml', 'json'] as const) {
          const text = await textOf(form, json);
          expect(readDocument(text)).toEqual({ apiVersion: 'lethe/v1', gateways: json, servers: [] });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('has its members in order, so that the same content is the same text', async () => {
    expect(await textOf('yaml', [{ b: 1, a: { d: [], c: 'x' } }])).toBe(
      'apiVersion: lethe/v1\ngateways:\n- a:\n    c: x\n    d: []\n  b: 1\nservers: []\n',
    );
    expect(await textOf('json', [])).toBe('{\n"apiVersion": "lethe/v1",\n"gateways": [\n],\n"servers": [\n]\n}\n');
  });

  it('is YAML unless JSON alone is asked for', () => {
    const asked = [
      undefined,
      '*/*',
      'application/yaml',
      'application/json',
      'application/json, application/yaml;q=0.5',
    ];
    expect(asked.map(formFor)).toEqual(['yaml', 'yaml', 'yaml', 'json', 'yaml']);
  });

  it('takes no longer for many members, and is refused where it is too deep, without an end of the process', () => {
    const many = Array.from({ length: 100_000 }, (_, n) => `k${n}: 1`).join('\n');
    expect(Object.keys(readDocument(many) as object)).toHaveLength(100_000);
    for (const text of [
      '['.repeat(50_000),
      '- '.repeat(50_000),
      '{a: '.repeat(50_000),
      `${'[[[['.repeat(30)}${']]]]'.repeat(30)}`,
    ])
      expect(() => readDocument(text)).toThrow(LetheError);
  });

  it('of so many values that reading it would stop the process for long is refused before it is read', () => {
    for (const text of ['- a\n'.repeat(4_000_000), `[${'a,'.repeat(8_000_000)}]`]) {
      const begun = performance.now();
      expect(() => readDocument(text)).toThrow(
        expect.objectContaining({
          detail: { errors: [{ field: '*', rule: 'yaml_tokens', limit: 1_500_000, line: expect.any(Number) }] },
        }),
      );
      // Read to its end, it takes more than half a minute and several gigabytes.
      expect(performance.now() - begun).toBeLessThan(10_000);
    }
  });
});
