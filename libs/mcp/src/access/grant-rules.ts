import { EVERYONE, type Grant, type ItemKind, MAX_GRANT_ROLES } from '@lethe/contracts';
import { nameMatcher } from '../name-globs.js';

/** What a grant needs to know of an exposed item. */
export interface GrantedItem {
  readonly kind: ItemKind;
  /** The name or URI that clients see. */
  readonly exposed: string;
  /** Slug. */
  readonly gateway: string;
  readonly isReadOnly: boolean;
}

const RESOURCE_KINDS: readonly ItemKind[] = ['resource', 'resourceTemplate'];

/** One grant, ready to be compared with items. */
export class GrantRule {
  private readonly matchesName: ((name: string) => boolean) | undefined;

  constructor(private readonly grant: Grant) {
    this.matchesName = grant.names && nameMatcher(grant.names);
  }

  get role(): string {
    return this.grant.role;
  }

  allows({ kind, exposed, gateway, isReadOnly }: GrantedItem): boolean {
    if (!this.isFor(gateway, kind) || (this.grant.readOnly === true && !isReadOnly)) return false;
    return this.matchesName?.(exposed) ?? true;
  }

  /** Whether it allows every resource of a gateway, also those that are in no list. */
  allowsAllResources(gateway: string): boolean {
    return this.matchesName === undefined && RESOURCE_KINDS.every((kind) => this.isFor(gateway, kind));
  }

  /** Whether it also allows the credential that is kept for the item's gateway: it must name the gateway, and not be for everyone. */
  allowsKept(item: GrantedItem): boolean {
    return this.namesGateway(item.gateway) && this.allows(item);
  }

  /** Whether it is for a role, and names this gateway. */
  namesGateway(gateway: string): boolean {
    return this.grant.role !== EVERYONE && this.grant.gateways?.includes(gateway) === true;
  }

  private isFor(gateway: string, kind: ItemKind): boolean {
    const { gateways, kinds } = this.grant;
    return (gateways?.includes(gateway) ?? true) && (kinds?.includes(kind) ?? true);
  }
}

/** The roles that grants name, besides that of everyone. */
export function namedRoles(grants: readonly Pick<Grant, 'role'>[]): string[] {
  return [...new Set(grants.map(({ role }) => role))].filter((role) => role !== EVERYONE);
}

/** The bit of each role that grants name. Of more roles than there are bits, the last ones get none and so are allowed nothing. */
export function roleBits(grants: readonly Pick<Grant, 'role'>[]): ReadonlyMap<string, number> {
  const roles = [EVERYONE, ...namedRoles(grants)].slice(0, MAX_GRANT_ROLES + 1);
  return new Map(roles.map((role, at) => [role, 1 << at]));
}

/** The bits of a caller's roles, and that of everyone. */
export function roleMask(bits: ReadonlyMap<string, number>, roles: readonly string[]): number {
  return [EVERYONE, ...roles].reduce((mask, role) => mask | (bits.get(role) ?? 0), 0);
}
