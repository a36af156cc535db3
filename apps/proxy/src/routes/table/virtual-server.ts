import { type ItemKind, KEPT_CALLER_RATE, type ServerLimits, type ServerManifest } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import { LRUCache } from 'lru-cache';
import type { Gateway } from './gateway.js';
import { Grants } from './grants.js';
import type { ItemTable, ItemLists, UriOwner } from './item-table.js';
import { ExposedItem } from './item-list.js';

/**
 * Steps that the templates of one gateway may take for one URI; a template that needs more than what is left matches
 * nothing.
 */
const STEPS_PER_GATEWAY = 2 ** 20;
/** A longer unknown URI is not repeated in the error. */
const MAX_REPEATED_URI = 2_048;
/** For how many combinations of roles a virtual server is kept as they see it. */
const MAX_VIEWS = 64;

/** One virtual server, immutable; the next revision replaces it as a whole. */
export class VirtualServer {
  private table: ItemTable | undefined;
  private grants: Grants | undefined;
  private views: LRUCache<number, VirtualServer> | undefined;
  private defaultLimits: ServerLimits | undefined;

  constructor(
    readonly manifest: ServerManifest,
    readonly gateways: readonly Gateway[],
    /** Reads the blocks; called at the first use. */
    private readonly load: (gateways: readonly Gateway[]) => ItemTable,
    /** The bits of the roles that see it so; undefined for the whole server. */
    private readonly mask?: number,
    /** Of the whole server, for a view of it. */
    private readonly granted?: Grants,
  ) {}

  /**
   * The virtual server as callers with these roles see it: one that exposes only what its grants allow them. Whatever is
   * done for a caller is done with this, so that what is denied is like what does not exist. Without grants it is the whole
   * server.
   */
  seenBy(roles: readonly string[]): VirtualServer {
    const { grants } = this.manifest;
    if (!grants) return this;
    const compiled = (this.grants ??= new Grants(grants, this.itemTable()));
    const mask = compiled.maskOf(roles);
    const views = (this.views ??= new LRUCache({ max: MAX_VIEWS }));
    const known = views.get(mask);
    if (known) return known;
    const gateways = compiled.gatewaysFor(mask, this.gateways);
    const view = new VirtualServer(this.manifest, gateways, () => compiled.tableFor(mask), mask, compiled);
    views.set(mask, view);
    return view;
  }

  /** Whether the caller may use the kept credential of a gateway: for an item, or for what is about none, such as a session. */
  grantsKept(gateway: Gateway, item: ExposedItem | undefined): boolean {
    const { granted, mask = 0 } = this;
    if (!granted) return false;
    return item ? (granted.keptFor(item) & mask) !== 0 : granted.isKeptForAll(gateway, mask);
  }

  /** Whether the caller's requests about no item have the kept credential of a gateway now, unless the caller sends its own. */
  usesKept(gateway: Gateway): boolean {
    return gateway.kept?.held?.ended.aborted === false && this.grantsKept(gateway, undefined);
  }

  /** The limits of calls with a kept credential, which all callers share at the upstream: never none by omission. */
  get keptLimits(): ServerLimits {
    return this.manifest.limits ?? (this.defaultLimits ??= { caller: KEPT_CALLER_RATE });
  }

  /** Tells apart what different callers of a revision see. */
  get viewKey(): string {
    return this.mask === undefined ? this.id : `${this.id} ${this.mask}`;
  }

  /** Whether grants decide what is in it. */
  get isRestricted(): boolean {
    return this.mask !== undefined;
  }

  get id(): string {
    return this.manifest.id;
  }

  /** Exposed items by kind and name, in list order. */
  get items(): ItemLists {
    return this.itemTable().byKind;
  }

  /**
   * The item behind an exposed name or URI.
   * @throws LetheError `item_unknown`; `resource_unknown`, which repeats the URI (MCP 2026-07-28, resources, error
   * handling)
   */
  resolve(kind: Exclude<ItemKind, 'resourceTemplate'>, name: string): ExposedItem {
    const item = kind === 'resource' ? this.resourceAt(name) : this.items[kind].get(name);
    if (item) return item;
    if (kind !== 'resource') throw new LetheError('item_unknown');
    throw new LetheError('resource_unknown', name.length <= MAX_REPEATED_URI ? { uri: name } : {});
  }

  /** The resource with a URI, if it belongs to any gateway. */
  resourceAt(uri: string): ExposedItem | undefined {
    return this.items.resource.get(uri) ?? this.resolveUri(uri);
  }

  /** Exact passthrough header names of all gateways here that map this header. */
  exactNamesFor(header: string): string[] {
    const wanted = header.toLowerCase();
    const sources = this.gateways.flatMap((gateway) => gateway.passthroughHeaders);
    return sources.filter(({ mapping }) => mapping.header.toLowerCase() === wanted).map(({ exactName }) => exactName);
  }

  /** Whether a gateway lists this resource or template, and the caller may not use it. */
  hides(uri: string, gateway: Gateway): boolean {
    return this.itemTable().hides?.(uri, gateway) ?? false;
  }

  /** A resource that is in no list: its owner is found by template, or is the only gateway with resources. */
  private resolveUri(uri: string): ExposedItem | undefined {
    const table = this.itemTable();
    const owner = table.onlyOwner ?? ownerByTemplate(table.templates, uri);
    if (!owner || this.hides(uri, owner.gateway)) return undefined;
    return new ExposedItem('resource', uri, owner.gateway, uri, { onlyIn: owner.onlyIn });
  }

  private itemTable(): ItemTable {
    this.table ??= this.load(this.gateways);
    return this.table;
  }
}

function ownerByTemplate(templates: ItemTable['templates'], uri: string): UriOwner | undefined {
  const left = new Map<Gateway, number>();
  for (const { matcher, owner } of templates) {
    const steps = (left.get(owner.gateway) ?? STEPS_PER_GATEWAY) - matcher.cost(uri);
    if (steps < 0) continue;
    left.set(owner.gateway, steps);
    if (matcher.matches(uri)) return owner;
  }
  return undefined;
}
