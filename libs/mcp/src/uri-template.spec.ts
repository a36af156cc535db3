import { describe, expect, it } from 'vitest';
import { UriTemplate } from './uri-template.js';

describe('UriTemplate', () => {
  it.each([
    ['note://item/{id}', 'note://item/7', true],
    ['note://item/{id}', 'note://item/7/8', false],
    ['note://item/{id}', 'note://items/7', false],
    ['file:///{+path}', 'file:///a/b/c.txt', true],
    ['file:///{path*}', 'file:///a/b/c.txt', true],
    ['x://{a}/{b}', 'x://1/2', true],
    ['x://{a}-{b}/end', 'x://1-2-3/end', true],
    ['x://search{?q,n}', 'x://search?q=1&n=2', true],
    ['x://search{?q,n}', 'x://search', true],
    ['x://no-expression', 'x://no-expression', true],
    ['{+anything}', 'x://1', false],
    ['x://{a}', 'y://1', false],
    ['x://{a}{b}{c}', 'x://1', true],
    ['x://{a}{b}{c}', 'x://1/2', false],
    ['x://{a}{+b}{c}/end', 'x://1/2/end', true],
    ['x://{a}/{b}/', 'x://1/2/', true],
    ['x://{a}/{b}', 'x://1/2/3', false],
    ['x://{a}.{b}', 'x://1.2/3', false],
    ['x://{a}b{b}c', 'x://1b2b3c', true],
    [`x://${'{a}/'.repeat(16)}`, `x://${'1/'.repeat(16)}`, true],
    [`x://${'{a}/'.repeat(17)}`, `x://${'1/'.repeat(17)}`, false],
  ])('%s on %s: %s', (template, uri, matches) => {
    expect(new UriTemplate(template).matches(uri)).toBe(matches);
  });

  it('takes no time on what would make a regular expression backtrack', () => {
    const template = new UriTemplate(`x:${'{+a}a'.repeat(15)}b{+b}a`);
    const startedAt = performance.now();
    expect(template.matches(`x:${'a'.repeat(2_000)}`)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
