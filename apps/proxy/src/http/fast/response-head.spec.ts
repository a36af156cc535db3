import { describe, expect, it } from 'vitest';
import { responseHead } from './response-head.js';

describe('the head of a whole response', () => {
  it('is left to node where node has to see to the connection', () => {
    expect(responseHead({ connection: 'close' })).toBeUndefined();
    expect(responseHead({ 'transfer-encoding': 'chunked' })).toBeUndefined();
    expect(responseHead({ 'mcp thing': 'a' })).toBeUndefined();
  });

  it('is left to node where a value would break it', () => {
    expect(responseHead({ 'mcp-thing': 'a\r\nb: c' })).toBeUndefined();
    expect(responseHead({ 'mcp-thing': 'é' })).toBeUndefined();
  });
});
