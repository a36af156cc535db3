import type { CatalogueItem } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { membersOf, pickItems } from './pick-items.js';

const items: CatalogueItem[] = [
  { kind: 'tool', own: 'issues.list', definition: {} },
  { kind: 'tool', own: 'issues.create', definition: {} },
  { kind: 'resource', own: 'repo://a/b', definition: {} },
];
const choices = [{ gatewayId: 'g', items }];
const owns = (server: Parameters<typeof pickItems>[0]) => pickItems(server, choices).picked.map(({ own }) => own);

describe('pickItems', () => {
  it('includes a whole gateway, kinds of it, or names by globs', () => {
    expect(owns({ items: [], include: [{ gateway: 'g' }] })).toEqual(items.map(({ own }) => own));
    expect(owns({ items: [], include: [{ gateway: 'g', kinds: ['resource'] }] })).toEqual(['repo://a/b']);
    expect(owns({ items: [], include: [{ gateway: 'g', names: ['issues.*'] }] })).toHaveLength(2);
    expect(owns({ items: [], include: [{ gateway: 'g', names: ['repo:*'] }] })).toEqual(['repo://a/b']);
  });

  it('lists what it names first, each item once', () => {
    const named = { gateway: 'g', kind: 'tool' as const, name: 'issues.create', as: 'create' };
    const { picked } = pickItems({ items: [named], include: [{ gateway: 'g', kinds: ['tool'] }] }, choices);
    expect(picked).toEqual([
      { gatewayId: 'g', kind: 'tool', own: 'issues.create', as: 'create' },
      { gatewayId: 'g', kind: 'tool', own: 'issues.list' },
    ]);
  });

  it('keeps out what is switched off, whatever includes it', () => {
    const off = { gateway: 'g', kind: 'tool' as const, name: 'issues.list', enabled: false };
    expect(owns({ items: [off], include: [{ gateway: 'g' }] })).not.toContain('issues.list');
  });

  it('reports a named item that its gateway does not have', () => {
    const { leftOut } = pickItems({ items: [{ gateway: 'g', kind: 'tool', name: 'nope' }], include: [] }, choices);
    expect(leftOut).toEqual([{ gateway: 'g', kind: 'tool', own: 'nope', reason: 'item_unknown' }]);
  });
});

describe('membersOf', () => {
  it('names each gateway once, in the order of first mention', () => {
    const named = { gateway: 'b', kind: 'tool' as const, name: 'x' };
    expect(membersOf({ items: [named], include: [{ gateway: 'a' }, { gateway: 'b' }] })).toEqual(['b', 'a']);
  });
});
