import { describe, expect, it } from 'vitest';
import { itemAddress, readItemAddress } from './item-address.js';

describe('the address of an item', () => {
  it.each([
    { gateway: 'tickets', kind: 'tool', name: 'create' },
    { gateway: 'notes', kind: 'resource', name: 'note://a:b/c?d#e' },
  ] as const)('brings back %j', (item) => {
    expect(readItemAddress(itemAddress(item))).toEqual(item);
  });

  it.each([undefined, '', 'tickets', 'tickets:tool', 'tickets:tool:', 'tickets:thing:x', ':tool:x'])(
    'reads no item from %j',
    (address) => {
      expect(readItemAddress(address)).toBeUndefined();
    },
  );
});
