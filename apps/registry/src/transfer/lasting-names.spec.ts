import { describe, expect, it } from 'vitest';
import type { AssignedName } from '../servers/name-items.js';
import type { LeftOut } from '../servers/server.entity.js';
import { lastingNames } from './lasting-names.js';

const name = (exposed: string, more: Partial<AssignedName> = {}): AssignedName => ({
  ...{ kind: 'tool', exposed, gatewayId: 'a', own: exposed, chosen: false, current: true },
  ...more,
});
const lasting = (names: AssignedName[], leftOut: LeftOut[] = [], maxNameLength = 64): string[] =>
  lastingNames(names, { leftOut, maxNameLength }, (id) => `gw-${id}`).map(({ exposed }) => exposed);

describe('the names that another registry would not give in the same way', () => {
  it('are none where each item has its own name, or one that was chosen', () => {
    expect(lasting([name('search'), name('list', { own: 'ls', chosen: true }), name('a_b', { own: 'a b' })])).toEqual(
      [],
    );
    expect(lasting([name('x:/a', { kind: 'resource' }), name('search', { kind: 'prompt' }), name('search')])).toEqual(
      [],
    );
  });

  it('are those that two items want, whichever was first', () => {
    const second = name('gw-b-search', { gatewayId: 'b', own: 'search' });
    expect(lasting([name('search'), second])).toEqual(['search', 'gw-b-search']);
    const chosen = name('search', { own: 'find', chosen: true });
    expect(lasting([chosen, name('gw-b-search', { gatewayId: 'b', own: 'search' })])).toEqual([
      'search',
      'gw-b-search',
    ]);
  });

  it('are those of which another item was left out', () => {
    const leftOut: LeftOut[] = [{ gateway: 'b', kind: 'resource', own: 'x:/a', reason: 'uri_clash' }];
    expect(lasting([name('x:/a', { kind: 'resource' }), name('y:/b', { kind: 'resource' })], leftOut)).toEqual([
      'x:/a',
    ]);
  });

  it('are those that are not in use, or were made by another rule', () => {
    expect(lasting([name('old', { current: false }), name('new', { own: 'old', chosen: true })])).toEqual(['old']);
    expect(lasting([name('a-long-name-of-a-tool-that-was-given')], [], 20)).toHaveLength(1);
  });
});
