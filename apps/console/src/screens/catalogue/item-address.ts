import type { ItemKind, ItemRef } from '../../api/items.js';

/** The kinds of items, in the order in which people look for them. */
export const KINDS = ['tool', 'resource', 'resourceTemplate', 'prompt'] as const satisfies readonly ItemKind[];

/** An item as it stands in an address: `gateway:kind:name`. */
export function itemAddress({ gateway, kind, name }: ItemRef): string {
  return `${gateway}:${kind}:${name}`;
}

/** Reads `gateway:kind:name`; undefined if it is something else. A name may have colons. */
export function readItemAddress(address: string | undefined): ItemRef | undefined {
  const [gateway, kindName, ...rest] = address?.split(':') ?? [];
  const kind = KINDS.find((each) => each === kindName);
  const name = rest.join(':');
  return gateway === undefined || gateway === '' || kind === undefined || name === ''
    ? undefined
    : { gateway, kind, name };
}
