import type { ItemKind } from '@lethe/contracts';
import { exposeName } from '@lethe/mcp';
import type { PickedItem } from './pick-items.js';
import type { LeftOut } from './server.entity.js';

/** A name that was given in a server, now or once. */
export interface AssignedName {
  kind: ItemKind;
  exposed: string;
  gatewayId: string;
  own: string;
  chosen: boolean;
  current: boolean;
}

/** A picked item with its name. */
export interface NamedItem extends PickedItem {
  exposed: string;
}

const nameKey = (kind: ItemKind, exposed: string): string => `${kind} ${exposed}`;
const isOf = (given: AssignedName, { gatewayId, kind, own }: PickedItem): boolean =>
  given.gatewayId === gatewayId && given.kind === kind && given.own === own;
const hasUri = (kind: ItemKind): boolean => kind === 'resource' || kind === 'resourceTemplate';

class Register {
  private readonly byName: Map<string, AssignedName>;
  private readonly byItem = new Map<string, AssignedName[]>();

  constructor(given: AssignedName[]) {
    this.byName = new Map(given.map((name) => [nameKey(name.kind, name.exposed), { ...name, current: false }]));
    for (const name of this.byName.values()) this.remember(name);
  }

  get all(): AssignedName[] {
    return [...this.byName.values()];
  }

  /** The name, unless it belongs to another item; given from now on. */
  give(item: PickedItem, exposed: string, chosen: boolean): string | undefined {
    const owner = this.byName.get(nameKey(item.kind, exposed));
    if (owner && !isOf(owner, item)) return undefined;
    const name = owner ?? { kind: item.kind, exposed, gatewayId: item.gatewayId, own: item.own, chosen, current: true };
    name.current = true;
    this.byName.set(nameKey(item.kind, exposed), name);
    if (!owner) this.remember(name);
    return exposed;
  }

  /** The name that followed from the item before, or one that was never given. */
  natural(item: PickedItem, slug: string): string {
    const before = this.byItem.get(itemOf(item))?.find((name) => !name.chosen);
    const isTaken = (name: string): boolean => {
      const owner = this.byName.get(nameKey(item.kind, name));
      return owner !== undefined && !isOf(owner, item);
    };
    return before?.exposed ?? exposeName(item.own, slug, isTaken);
  }

  private remember(name: AssignedName): void {
    const key = itemOf(name);
    this.byItem.set(key, [...(this.byItem.get(key) ?? []), name]);
  }
}

const itemOf = ({ gatewayId, kind, own }: PickedItem | AssignedName): string => `${gatewayId} ${kind} ${own}`;

/**
 * Gives each picked item its name: `as`, else the one it had, else its own when free (MCP exposed names, design section 7).
 * URIs stay as they are. A name once given belongs to its item for ever, also while nobody uses it; who wants one that is
 * taken is left out. `given` comes back whole, with what is current now.
 */
export function nameItems(
  picked: PickedItem[],
  given: AssignedName[],
  slugOf: (gatewayId: string) => string,
): { named: NamedItem[]; given: AssignedName[]; leftOut: LeftOut[] } {
  const register = new Register(given);
  const leftOut: LeftOut[] = [];
  const names = new Map<PickedItem, string>();
  // Chosen names first: they are wishes, the others give way.
  for (const item of picked.toSorted((a, b) => Number(b.as !== undefined) - Number(a.as !== undefined))) {
    const chosen = hasUri(item.kind) ? undefined : item.as;
    const wanted = chosen ?? (hasUri(item.kind) ? item.own : register.natural(item, slugOf(item.gatewayId)));
    const name = register.give(item, wanted, chosen !== undefined);
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
  return { named, given: register.all, leftOut };
}
