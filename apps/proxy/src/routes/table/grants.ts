import { forEachKind, type Grant, type ItemKind } from '@lethe/contracts';
import { GrantRule, roleBits, roleMask } from '@lethe/mcp';
import { LRUCache } from 'lru-cache';
import type { Gateway } from './gateway.js';
import type { ExposedItem } from './item-list.js';
import { type ItemTable, onlyOwnerIn } from './item-table.js';

/** Steps that all templates of one virtual server may take, when it is compiled, to find the listed resources that they match. */
const MAX_TEMPLATE_STEPS = 2 ** 24;

/** Steps that the templates of a gateway may take for one resource, to find who has the kept credential for it. */
const MAX_KEPT_STEPS = 2 ** 20;

/** How many answers about kept credentials are remembered. */
const MAX_KEPT_MASKS = 10_000;

type Masks = Map<string, number>;

/** The grants of one revision of a virtual server, compiled: which roles may use each item. A role is a bit. */
export class Grants {
  private readonly bits: ReadonlyMap<string, number>;
  private readonly rules: readonly { readonly rule: GrantRule; readonly bit: number }[];
  private readonly masks: Readonly<Record<ItemKind, Masks>> = forEachKind(() => new Map());
  private readonly ofGateway = new Map<Gateway, number>();
  /** By kind, gateway and exposed name; also of resources that no list has, which may have another owner for other callers. */
  private readonly kept = new LRUCache<string, number>({ max: MAX_KEPT_MASKS });
  /** By mask and gateway. */
  private readonly keptWhole = new LRUCache<string, boolean>({ max: MAX_KEPT_MASKS });

  constructor(
    grants: readonly Grant[],
    private readonly table: ItemTable,
  ) {
    this.bits = roleBits(grants);
    this.rules = grants.map((grant) => ({ rule: new GrantRule(grant), bit: this.bits.get(grant.role) ?? 0 }));
    for (const list of Object.values(table.byKind)) {
      for (const item of list.values()) this.allow(item, this.rolesFor(item));
    }
    this.allowListedByTemplates();
  }

  /** The bits of a caller's roles. Callers with the same bits see the same. */
  maskOf(roles: readonly string[]): number {
    return roleMask(this.bits, roles);
  }

  /** The gateways of which these roles may use anything. */
  gatewaysFor(mask: number, gateways: readonly Gateway[]): Gateway[] {
    return gateways.filter((gateway) => ((this.ofGateway.get(gateway) ?? 0) & mask) !== 0);
  }

  /** The table as it would be if the virtual server exposed only what these roles may use. */
  tableFor(mask: number): ItemTable {
    const { byKind, templates } = this.table;
    const narrowed = forEachKind((kind) => byKind[kind].narrowedTo(this.masks[kind], mask));
    const onlyOwner = onlyOwnerIn(narrowed);
    return {
      byKind: narrowed,
      templates: templates.filter(({ template }) => narrowed.resourceTemplate.get(template) !== undefined),
      onlyOwner: onlyOwner && (this.allResources(onlyOwner.gateway) & mask) !== 0 ? onlyOwner : undefined,
      // No template leads around what its own gateway lists and these roles may not use.
      hides: (uri, gateway) =>
        (['resource', 'resourceTemplate'] as const).some(
          (kind) => byKind[kind].get(uri)?.gateway === gateway && narrowed[kind].get(uri) === undefined,
        ),
    };
  }

  /** The bits of the roles that may use the kept credential of an item's gateway for the item. */
  keptFor({ kind, exposed, gateway, isReadOnly }: ExposedItem): number {
    const key = `${kind} ${gateway.id} ${exposed}`;
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const item = { kind, exposed, gateway: gateway.slug, isReadOnly };
    const byName = this.maskOfRules((rule) => rule.allowsKept(item));
    const mask = kind === 'resource' ? byName | this.keptByTemplates(exposed, gateway) : byName;
    this.kept.set(key, mask);
    return mask;
  }

  /** As for access: who may use a template with it may read with it each URI that matches. */
  private keptByTemplates(uri: string, gateway: Gateway): number {
    let [mask, left] = [0, MAX_KEPT_STEPS];
    for (const { owner, matcher, template } of this.table.templates) {
      const item = owner.gateway === gateway ? this.table.byKind.resourceTemplate.get(template) : undefined;
      const kept = item ? this.keptFor(item) : 0;
      if (kept === 0 || matcher.cost(uri) > left) continue;
      left -= matcher.cost(uri);
      if (matcher.matches(uri)) mask |= kept;
    }
    return mask;
  }

  /**
   * Whether these roles may use the kept credential for all that they may use of a gateway. Less is not enough for a session:
   * an upstream may take whoever opened it for whoever calls in it.
   */
  isKeptForAll(gateway: Gateway, mask: number): boolean {
    const key = `${mask} ${gateway.id}`;
    const known = this.keptWhole.get(key);
    if (known !== undefined) return known;
    const isWhole = this.isAllKept(gateway, mask);
    this.keptWhole.set(key, isWhole);
    return isWhole;
  }

  private isAllKept(gateway: Gateway, mask: number): boolean {
    const { slug } = gateway;
    const isHeld = (isMet: (rule: GrantRule) => boolean): boolean => (this.maskOfRules(isMet) & mask) !== 0;
    if (!isHeld((rule) => rule.namesGateway(slug))) return false;
    const hasUnlisted = isHeld((rule) => rule.allowsAllResources(slug));
    if (hasUnlisted && !isHeld((rule) => rule.namesGateway(slug) && rule.allowsAllResources(slug))) return false;
    return Object.values(this.table.byKind).every((list) =>
      [...list.values()].every((item) => item.gateway !== gateway || this.isKeptWhereUsable(item, mask)),
    );
  }

  private isKeptWhereUsable(item: ExposedItem, mask: number): boolean {
    const isUsable = ((this.masks[item.kind].get(item.exposed) ?? 0) & mask) !== 0;
    return !isUsable || (this.keptFor(item) & mask) !== 0;
  }

  private maskOfRules(isMet: (rule: GrantRule) => boolean): number {
    return this.rules.reduce((mask, { rule, bit }) => (isMet(rule) ? mask | bit : mask), 0);
  }

  private rolesFor({ kind, exposed, gateway, isReadOnly }: ExposedItem): number {
    const item = { kind, exposed, gateway: gateway.slug, isReadOnly };
    return this.rules.reduce((mask, { rule, bit }) => ((mask & bit) === 0 && rule.allows(item) ? mask | bit : mask), 0);
  }

  private allow({ kind, exposed, gateway }: ExposedItem, mask: number): void {
    if (mask === 0) return;
    const masks = this.masks[kind];
    masks.set(exposed, (masks.get(exposed) ?? 0) | mask);
    this.ofGateway.set(gateway, (this.ofGateway.get(gateway) ?? 0) | mask);
  }

  /** Who may use a template may read each URI that matches it, also one that is in a list. */
  private allowListedByTemplates(): void {
    let left = MAX_TEMPLATE_STEPS;
    for (const { matcher, template, owner } of this.table.templates) {
      const mask = this.masks.resourceTemplate.get(template) ?? 0;
      if (mask === 0) continue;
      for (const item of this.table.byKind.resource.values()) {
        const cost = matcher.cost(item.exposed);
        if (item.gateway !== owner.gateway || cost > left) continue;
        left -= cost;
        if (matcher.matches(item.exposed)) this.allow(item, mask);
      }
    }
  }

  private allResources({ slug }: Gateway): number {
    return this.rules.reduce((mask, { rule, bit }) => (rule.allowsAllResources(slug) ? mask | bit : mask), 0);
  }
}
