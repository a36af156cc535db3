import type { ItemKind } from '@lethe/contracts';
import { exposeName } from './exposed-names.js';
import type { PickedItem } from './pick-items.js';
import type { LeftOut } from './server.entity.js';

/** A name that was assigned in a server, now or earlier. */
export interface AssignedName {
  kind: ItemKind;
  exposed: string;
  gatewayId: string;
  own: string;
  chosen: boolean;
  current: boolean;
  lostAt?: Date | null;
}

/** A picked item with its exposed name. */
export interface NamedItem extends PickedItem {
  exposed: string;
}

const nameKey = (kind: ItemKind, exposed: string): string => `${kind} ${exposed}`;
const isOf = (assigned: AssignedName, { gatewayId, kind, own }: PickedItem): boolean =>
  assigned.gatewayId === gatewayId && assigned.kind === kind && assigned.own === own;
const hasUri = (kind: ItemKind): boolean => kind === 'resource' || kind === 'resourceTemplate';

class NameRegister {
  private readonly byName: Map<string, AssignedName>;
  private readonly byItem = new Map<string, AssignedName[]>();

  constructor(assigned: AssignedName[]) {
    this.byName = new Map(assigned.map((name) => [nameKey(name.kind, name.exposed), { ...name, current: false }]));
    for (const name of this.byName.values()) this.remember(name);
  }

  get all(): AssignedName[] {
    return [...this.byName.values()];
  }

  /** Assigns the name to the item and returns it; undefined when it belongs to another item. */
  assign(item: PickedItem, exposed: string, chosen: boolean): string | undefined {
    const owner = this.byName.get(nameKey(item.kind, exposed));
    if (owner && !isOf(owner, item)) return undefined;
    const name = owner ?? { kind: item.kind, exposed, gatewayId: item.gatewayId, own: item.own, chosen, current: true };
    name.current = true;
    this.byName.set(nameKey(item.kind, exposed), name);
    if (!owner) this.remember(name);
    return exposed;
  }

  /** The name that was made for the item earlier, or a new one that no item ever had. */
  generated(item: PickedItem, slug: string, maxLength: number): string {
    const before = this.byItem.get(itemKeyOf(item))?.find((name) => !name.chosen);
    const isTaken = (name: string): boolean => {
      const owner = this.byName.get(nameKey(item.kind, name));
      return owner !== undefined && !isOf(owner, item);
    };
    return before?.exposed ?? exposeName(item.own, slug, { maxLength, isTaken });
  }

  private remember(name: AssignedName): void {
    const key = itemKeyOf(name);
    this.byItem.set(key, [...(this.byItem.get(key) ?? []), name]);
  }
}

const itemKeyOf = ({ gatewayId, kind, own }: PickedItem | AssignedName): string => `${gatewayId} ${kind} ${own}`;

/**
 * Assigns each picked item its exposed name: the one chosen with `as`, else the one it had, else its own name when that
 * is free. URIs never change. An assigned name always belongs to its item, even when it is not in use; an item that
 * requests a taken name is left out. Returns all names ever assigned, with those in use marked as current.
 * @param maxLength of names that are made now; a name that was chosen or assigned before may be longer
 */
export function nameItems(
  picked: PickedItem[],
  assigned: AssignedName[],
  slugOf: (gatewayId: string) => string,
  maxLength: number,
): { named: NamedItem[]; assigned: AssignedName[]; leftOut: LeftOut[] } {
  const register = new NameRegister(assigned);
  const leftOut: LeftOut[] = [];
  const names = new Map<PickedItem, string>();
  // Chosen names are assigned first: they have precedence over generated ones.
  for (const item of picked.toSorted((a, b) => Number(b.as !== undefined) - Number(a.as !== undefined))) {
    const chosen = hasUri(item.kind) ? undefined : item.as;
    const generated = (): string => register.generated(item, slugOf(item.gatewayId), maxLength);
    const wanted = chosen ?? (hasUri(item.kind) ? item.own : generated());
    const name = register.assign(item, wanted, chosen !== undefined);
    if (name !== undefined) names.set(item, name);
    else {
      const reason = hasUri(item.kind) ? 'uri_clash' : 'name_clash';
      leftOut.push({ gateway: item.gatewayId, kind: item.kind, own: item.own, reason });
    }
  }
  const named = picked.flatMap((item) => {
    const exposed = names.get(item);
    return exposed === undefined ? [] : [{ ...item, exposed }];
  });
  return { named, assigned: register.all, leftOut };
}
