import { describe, expect, it } from 'vitest';
import { isDpopNonce, isPlainScope, isScopeToken } from './oauth-texts.js';

describe('a scope token', () => {
  it.each([
    ['read:all', true],
    ['$(id)!', true],
    ['a'.repeat(128), true],
    ['a'.repeat(129), false],
    ['', false],
    ['a b', false],
    ['a"b', false],
    [String.raw`a\b`, false],
    ['é', false],
    ['a\n', false],
  ])('%j is one: %s', (text, expected) => {
    expect(isScopeToken(text)).toBe(expected);
  });
});

describe('a scope in a command', () => {
  it.each([
    ['repo read:org https://a.example/x.y', true],
    ['a '.repeat(511) + 'a', true],
    ['a '.repeat(512) + 'a', false],
    ['', false],
    ['a  b', false],
    ['-x', false],
    ["a'b", false],
    ['a;b', false],
    ['$(id)', false],
    ['a\nb', false],
  ])('%j may be there: %s', (text, expected) => {
    expect(isPlainScope(text)).toBe(expected);
  });

  it('may have narrower limits', () => {
    const limits = { maxTokens: 2, maxTokenLength: 3 };
    const all = ['abc d', 'abcd', 'a b c'].map((scope) => isPlainScope(scope, limits));
    expect(all).toEqual([true, false, false]);
  });
});

describe('a nonce', () => {
  it.each([
    ['eyJ7S_zG.eyJH0-Z.HX4w-7v', true],
    ['n'.repeat(257), false],
    ['a b', false],
    ['', false],
  ])('%j is one: %s', (text, expected) => {
    expect(isDpopNonce(text)).toBe(expected);
  });
});
