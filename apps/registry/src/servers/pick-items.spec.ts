import type { CatalogueItem } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { membersOf, rulesFor } from './composition.js';
import { pickItems } from './pick-items.js';

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

describe('rules for tags and annotations', () => {
  const hints = (own: string, annotations: Record<string, boolean>): CatalogueItem => ({
    ...{ kind: 'tool', own },
    definition: { annotations },
  });
  const reads = hints('read', { readOnlyHint: true });
  const adds = hints('add', { destructiveHint: false });
  const turned = { ...hints('turned', { readOnlyHint: true }), legacyDefinition: {} };
  const all: CatalogueItem[] = [reads, adds, turned, { kind: 'tool', own: 'silent', definition: {} }, items[2]!];
  const tagged = {
    gatewayId: 'g',
    items: all,
    itemTags: [
      { kind: 'tool' as const, name: '*d', tags: ['d', 'x'] },
      { kind: 'resource' as const, name: '*', tags: ['d'] },
    ],
  };
  const included = (rule: object, trustHints = true) =>
    pickItems({ items: [], include: [{ gateway: 'g', ...rule }] }, [{ ...tagged, trustHints }]).picked.map(
      ({ own }) => own,
    );

  it('take items with any of the tags that their gateway gives them', () => {
    expect(included({ tags: ['d', 'none'] })).toEqual(['read', 'add', 'turned', 'repo://a/b']);
    expect(included({ tags: ['x'], names: ['a*'] })).toEqual(['add']);
    expect(included({ tags: ['none'] })).toEqual([]);
  });

  it('take tools that say all of this in each era, where hints are trusted', () => {
    expect(included({ annotations: { readOnlyHint: true } })).toEqual(['read']);
    expect(included({ annotations: { destructiveHint: false } })).toEqual(['read', 'add']);
    expect(included({ annotations: { destructiveHint: true, readOnlyHint: false } })).toEqual(['silent']);
    expect(included({ annotations: { readOnlyHint: true } }, false)).toEqual([]);
  });
});

describe('what rules mean', () => {
  it('are the gateways that carry any of their tags', () => {
    const carriers = [
      { id: 'a', tags: ['prod'] },
      { id: 'b', tags: ['prod', 'eu'] },
    ];
    expect(rulesFor({ gatewayTags: ['prod', 'us'], kinds: ['tool'] }, carriers)).toEqual([
      { gateway: 'a', kinds: ['tool'] },
      { gateway: 'b', kinds: ['tool'] },
    ]);
    expect(rulesFor({ gateway: 'a', gatewayTags: ['eu'] }, carriers)).toEqual([]);
    expect(rulesFor({ gateway: 'c' }, carriers)).toEqual([{ gateway: 'c' }]);
  });

  it('are each gateway once, in the order of first mention', () => {
    const named = { gateway: 'b', kind: 'tool' as const, name: 'x' };
    expect(membersOf({ items: [named], include: [{ gateway: 'a' }, { gateway: 'b' }] })).toEqual(['b', 'a']);
  });
});
