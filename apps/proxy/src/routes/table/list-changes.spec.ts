import type { ItemKind } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { serverRoutes } from '@test/support/proxy/server-routes.js';
import { changedLists, hasSameGateways, listsOf } from './list-changes.js';

const server = (items: [ItemKind, string][], slug = 'a') => serverRoutes([{ slug, mappings: [], items }]);

describe('changedLists', () => {
  it('names the lists that read differently', () => {
    const before = server([
      ['tool', 't'],
      ['resource', 'r://1'],
    ]);
    expect(
      changedLists(
        before,
        server([
          ['tool', 't'],
          ['resource', 'r://1'],
        ]),
      ),
    ).toEqual([]);
    expect(
      changedLists(
        before,
        server([
          ['tool', 't2'],
          ['resource', 'r://1'],
        ]),
      ),
    ).toEqual(['tools']);
    expect(
      changedLists(
        before,
        server([
          ['tool', 't'],
          ['resourceTemplate', 'r://{x}'],
        ]),
      ),
    ).toEqual(['resources']);
    expect(changedLists(before, server([['prompt', 'p']]))).toEqual(['tools', 'resources', 'prompts']);
  });

  it('says which lists there are, and whether the gateways behind them are the same', () => {
    expect(
      listsOf(
        server([
          ['resourceTemplate', 'r://{x}'],
          ['prompt', 'p'],
        ]),
      ),
    ).toEqual(['resources', 'prompts']);
    expect(hasSameGateways(server([['tool', 't']]), server([['tool', 'other']]))).toBe(true);
    expect(hasSameGateways(server([['tool', 't']]), server([['tool', 't']], 'b'))).toBe(false);
  });
});
