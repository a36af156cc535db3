import { expect, it } from 'vitest';
import { estimatedTokens } from './item-size.js';

it('counts bytes of what a model sees, in the longer of two eras', () => {
  const definition = {
    name: 'say',
    description: 'é',
    inputSchema: {},
    outputSchema: { type: 'object' },
    _meta: { big: 'x'.repeat(999) },
  };
  const item = { kind: 'tool', name: 'say', definition, stale: false } as const;
  expect(estimatedTokens(item)).toBe(
    Math.ceil(Buffer.byteLength('{"name":"say","description":"é","inputSchema":{}}') / 4),
  );
  const longer = { ...item, legacyDefinition: { ...definition, description: 'y'.repeat(400) } };
  expect(estimatedTokens(longer)).toBeGreaterThan(100);
});
