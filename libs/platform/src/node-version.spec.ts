import { describe, expect, it } from 'vitest';
import { assertSupportedNode } from './node-version.js';

describe('assertSupportedNode', () => {
  it.each(['24.14.1', '24.15.0', '26.10.0'])('starts on %s', (version) => {
    expect(() => assertSupportedNode(version)).not.toThrow();
  });

  it.each(['20.20.2', '24.0.0', '24.14.0'])('refuses %s with one clear line', (version) => {
    expect(() => assertSupportedNode(version)).toThrow(`Lethe needs Node.js 24.14.1 or later; this is ${version}`);
  });
});
