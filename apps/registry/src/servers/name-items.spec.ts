import { describe, expect, it } from 'vitest';
import { type AssignedName, nameItems } from './name-items.js';
import type { PickedItem } from './pick-items.js';

const tool = (gatewayId: string, own: string, as?: string): PickedItem => ({
  gatewayId,
  kind: 'tool',
  own,
  ...(as !== undefined && { as }),
});
const slugOf = (id: string) => `slug-${id}`;
const namesOf = (picked: PickedItem[], assigned: AssignedName[] = [], maxLength = 64) => {
  const result = nameItems(picked, assigned, slugOf, maxLength);
  return { ...result, names: result.named.map(({ exposed }) => exposed) };
};

describe('nameItems', () => {
  it('lets an item keep its own name, and puts the slug before a newcomer that clashes', () => {
    expect(namesOf([tool('a', 'search'), tool('b', 'search')]).names).toEqual(['search', 'slug-b-search']);
  });

  it('keeps names when the order of gateways changes', () => {
    const first = namesOf([tool('a', 'search'), tool('b', 'search')]);
    const second = namesOf([tool('b', 'search'), tool('a', 'search')], first.assigned);
    expect(second.names).toEqual(['slug-b-search', 'search']);
  });

  it('never gives the name of an item that has left to another one, and gives it back when it returns', () => {
    const first = namesOf([tool('a', 'search')]);
    const second = namesOf([tool('b', 'search')], first.assigned);
    expect(second.names).toEqual(['slug-b-search']);
    expect(second.assigned.find(({ exposed }) => exposed === 'search')?.current).toBe(false);
    expect(namesOf([tool('a', 'search')], second.assigned).names).toEqual(['search']);
  });

  it('keeps a name that a former rule or a greater limit made, and the one chosen with `as`', () => {
    const own = 'grö_' + 'ö'.repeat(60);
    const before = { kind: 'tool' as const, gatewayId: 'a', own, chosen: false, current: true };
    const exposed = 'gr__' + '_'.repeat(60);
    const chosen = 'c'.repeat(64);
    const items = [tool('a', own), tool('a', 'new-' + own), tool('a', 'x', chosen)];
    const { names } = namesOf(items, [{ ...before, exposed }], 20);
    expect(names).toEqual([exposed, expect.stringMatching(/^new-gro_ooo-[0-9a-f]{8}$/), chosen]);
  });

  it('lets `as` override, before the others choose, and keeps the natural name for later', () => {
    const chosen = namesOf([tool('b', 'find'), tool('a', 'search', 'find')]);
    expect(chosen.names).toEqual(['slug-b-find', 'find']);
    expect(namesOf([tool('b', 'find'), tool('a', 'search')], chosen.assigned).names).toEqual(['slug-b-find', 'search']);
  });

  it('leaves out an item that requests the name of another item', () => {
    const first = namesOf([tool('a', 'search')]);
    const second = namesOf([tool('b', 'find', 'search')], first.assigned);
    expect(second.names).toEqual([]);
    expect(second.leftOut).toEqual([{ gateway: 'b', kind: 'tool', own: 'find', reason: 'name_clash' }]);
  });

  it('leaves URIs as they are and reports a newcomer whose URI clashes', () => {
    const resource = (gatewayId: string): PickedItem => ({ gatewayId, kind: 'resource', own: 'file:///a b' });
    const { names, leftOut } = namesOf([resource('a'), resource('b')]);
    expect(names).toEqual(['file:///a b']);
    expect(leftOut).toEqual([{ gateway: 'b', kind: 'resource', own: 'file:///a b', reason: 'uri_clash' }]);
  });

  it('keeps tools and prompts apart', () => {
    const prompt: PickedItem = { gatewayId: 'b', kind: 'prompt', own: 'search' };
    expect(namesOf([tool('a', 'search'), prompt]).names).toEqual(['search', 'search']);
  });
});
