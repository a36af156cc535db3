import type { Server } from '../../api/servers.js';
import type { OwnedName } from '../../api/server-documents.js';
import { type ItemPick, keyOf } from './server-draft.js';

/** 1-64 characters of `[A-Za-z0-9_.-]` (MCP, tool names). */
const LEGAL_NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/**
 * The name that an item will have, as far as the page can know it:
 * `kept`: it has this name already; `chosen`: with `as`; `own`: the upstream's; `prefixed`: with the gateway's slug, as
 * another item has the first choice; `made`: the registry makes one, with letters replaced or a hash at the end; `clash`:
 * another item has it, so this one can't be published like that.
 */
export interface ExpectedName {
  by: 'kept' | 'chosen' | 'own' | 'prefixed' | 'made' | 'clash';
  /** Not known for `made`. */
  exposed: string | undefined;
  /** Whose name it is, with `clash`. */
  owner?: string;
}

/** An item of which the name is wanted. */
export interface NamedPick {
  gateway: string;
  kind: ItemPick['kind'];
  own: string;
  as: string | undefined;
}

interface Owner {
  key: string;
  gateway: string;
  own: string;
}

/** All names that belong to items of a virtual server, used or not. */
export function ownedNames(server: Server | undefined, lasting: readonly OwnedName[]): OwnedName[] {
  if (!server) return [];
  const chosen = new Set(server.items.flatMap((pick) => (pick.as === undefined ? [] : [`${keyOf(pick)} ${pick.as}`])));
  const used = server.exposed.map(({ kind, exposed, gateway, own }) => nameOf({ kind, exposed, gateway, own }, chosen));
  return [...lasting, ...used];
}

function nameOf(name: OwnedName, chosen: ReadonlySet<string>): OwnedName {
  const isChosen = chosen.has(`${keyOf({ ...name, name: name.own })} ${name.exposed}`);
  return { ...name, ...(isChosen && { chosen: true }) };
}

/**
 * Says which names items will have, in the order of the picks. It is the registry's rule as far as it is one: chosen names
 * come first, a name that an item had stays its own, and none ever means another item.
 */
export function expectNames(
  picks: readonly NamedPick[],
  owned: readonly OwnedName[],
  maxLength: number,
): ExpectedName[] {
  const register = new NameRegister(owned, maxLength);
  const names = new Map<NamedPick, ExpectedName>();
  for (const pick of picks.toSorted((a, b) => Number(b.as !== undefined) - Number(a.as !== undefined))) {
    names.set(pick, register.expect(pick));
  }
  return picks.map((pick) => names.get(pick) ?? { by: 'made', exposed: undefined });
}

class NameRegister {
  private readonly owners = new Map<string, Owner>();
  private readonly made = new Map<string, string>();

  constructor(
    owned: readonly OwnedName[],
    private readonly maxLength: number,
  ) {
    for (const { kind, exposed, gateway, own, chosen } of owned) {
      const key = keyOf({ gateway, kind, name: own });
      this.owners.set(`${kind} ${exposed}`, { key, gateway, own });
      if (chosen !== true && !this.made.has(key)) this.made.set(key, exposed);
    }
  }

  expect({ gateway, kind, own, as }: NamedPick): ExpectedName {
    const owner: Owner = { key: keyOf({ gateway, kind, name: own }), gateway, own };
    if (kind === 'resource' || kind === 'resourceTemplate') return this.claim(kind, own, owner, 'own');
    if (as !== undefined) return this.claim(kind, as, owner, 'chosen');
    const before = this.made.get(owner.key);
    if (before !== undefined) return this.claim(kind, before, owner, 'kept');
    if (!LEGAL_NAME.test(own) || own.length > this.maxLength) return { by: 'made', exposed: undefined };
    if (this.isFree(kind, own, owner)) return this.claim(kind, own, owner, 'own');
    const prefixed = `${gateway}-${own}`;
    const isPossible = prefixed.length <= this.maxLength && this.isFree(kind, prefixed, owner);
    return isPossible ? this.claim(kind, prefixed, owner, 'prefixed') : { by: 'made', exposed: undefined };
  }

  private isFree(kind: string, name: string, { key }: Owner): boolean {
    const owner = this.owners.get(`${kind} ${name}`);
    return owner === undefined || owner.key === key;
  }

  private claim(kind: string, exposed: string, owner: Owner, by: ExpectedName['by']): ExpectedName {
    const other = this.owners.get(`${kind} ${exposed}`);
    if (other && other.key !== owner.key) return { by: 'clash', exposed, owner: `${other.gateway}/${other.own}` };
    this.owners.set(`${kind} ${exposed}`, owner);
    return { by, exposed };
  }
}
