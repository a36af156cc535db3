import { describe, expect, it } from 'vitest';
import { includeValue, itemGlob, itemName, tagNames, withValue } from './curation-values.js';

describe('what people write about items', () => {
  it.each([
    ['github/create_issue', { gateway: 'github', kind: 'tool', name: 'create_issue' }],
    ['github/prompt:sum:up', { gateway: 'github', kind: 'prompt', name: 'sum:up' }],
    ['files/resource:file:///a/b', { gateway: 'files', kind: 'resource', name: 'file:///a/b' }],
    ['files/resource-template:x://{y}', { gateway: 'files', kind: 'resourceTemplate', name: 'x://{y}' }],
    ['files/tool:prompt:x', { gateway: 'files', kind: 'tool', name: 'prompt:x' }],
  ])('%s is an item', (text, item) => {
    expect(itemName(text)).toEqual(item);
  });

  it.each([
    ['github', { gateway: 'github' }],
    ['github:tools', { gateway: 'github', kinds: ['tool'] }],
    ['github:tool,prompts:repo_*,a:b', { gateway: 'github', kinds: ['tool', 'prompt'], names: ['repo_*', 'a:b'] }],
    ['github:*:repo_*', { gateway: 'github', names: ['repo_*'] }],
    ['github::x', { gateway: 'github', names: ['x'] }],
  ])('%s is included', (text, rule) => {
    expect(includeValue(text)).toEqual(rule);
  });

  it('values follow the first or the last equals sign', () => {
    expect(withValue('g/x=a=b', false)).toEqual(['g/x', 'a=b']);
    expect(withValue('g/resource:x?a=1=t,u', true)).toEqual(['g/resource:x?a=1', 't,u']);
    expect(itemGlob('tools:repo_*')).toEqual({ kind: 'tool', name: 'repo_*' });
    expect(tagNames('')).toEqual([]);
    expect(tagNames('a,team:b')).toEqual(['a', 'team:b']);
  });

  it.each([
    [() => itemName('create_issue'), 'item_illegal'],
    [() => itemName('github/'), 'item_illegal'],
    [() => withValue('github/x', true), 'item_illegal'],
    [() => itemGlob('repo_*'), 'item_illegal'],
    [() => itemGlob(`tool:${'*'.repeat(9)}`), 'item_illegal'],
    [() => includeValue('github:things'), 'include_illegal'],
    [() => includeValue('github:tools:'), 'include_illegal'],
    [() => includeValue('@x'), 'include_illegal'],
    [() => tagNames('Prod'), 'tag_illegal'],
    [() => tagNames('a,'), 'tag_illegal'],
  ])('%s is refused, and not repeated', (read, code) => {
    expect(read).toThrow(expect.objectContaining({ code }));
  });
});
