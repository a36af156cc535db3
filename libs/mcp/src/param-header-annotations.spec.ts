import { describe, expect, it } from 'vitest';
import { hasInvalidParamHeader } from './param-header-annotations.js';

const object = (properties: object) => JSON.parse(JSON.stringify({ type: 'object', properties }));
const mirrored = (name: unknown, type: unknown = 'string') => ({ type, 'x-mcp-header': name });

describe('hasInvalidMirror', () => {
  it('takes annotations of primitives along properties', () => {
    expect(hasInvalidParamHeader(undefined)).toBe(false);
    expect(hasInvalidParamHeader(object({ a: mirrored('A'), b: object({ c: mirrored('C', 'integer') }) }))).toBe(false);
  });

  it('refuses names that are none, or that two arguments share', () => {
    for (const name of ['', 'a b', 'a:b', 1, null])
      expect(hasInvalidParamHeader(object({ a: mirrored(name) }))).toBe(true);
    expect(hasInvalidParamHeader(object({ a: mirrored('Same'), b: mirrored('same') }))).toBe(true);
  });

  it('refuses annotations of other types, at the root, and where no argument is', () => {
    for (const type of ['object', 'array', 'null', ['string']]) {
      expect(hasInvalidParamHeader(object({ a: mirrored('A', type) }))).toBe(true);
    }
    expect(hasInvalidParamHeader(JSON.parse('{"type":"object","x-mcp-header":"A"}'))).toBe(true);
    expect(hasInvalidParamHeader(object({ list: { type: 'array', items: mirrored('A') } }))).toBe(true);
    expect(hasInvalidParamHeader(object({ one: { anyOf: [object({ a: mirrored('A') })] } }))).toBe(true);
  });
});
