import type { ItemKind, ServerManifest } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import type { Gateway } from './gateway.js';
import type { ItemTable, ItemLists, UriOwner } from './item-table.js';
import { ExposedItem } from './item-list.js';

/**
 * Steps that the templates of one gateway may take for one URI; a template that needs more than what is left matches
 * nothing.
 */
const STEPS_PER_GATEWAY = 2 ** 20;
/** A longer unknown URI is not repeated in the error. */
const MAX_REPEATED_URI = 2_048;

/** One virtual server, immutable; the next revision replaces it as a whole. */
export class VirtualServer {
  private table: ItemTable | undefined;

  constructor(
    readonly manifest: ServerManifest,
    readonly gateways: readonly Gateway[],
    /** Reads the blocks; called at the first use. */
    private readonly load: (gateways: readonly Gateway[]) => ItemTable,
  ) {}

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

  /** A resource that is in no list: its owner is found by template, or is the only gateway with resources. */
  private resolveUri(uri: string): ExposedItem | undefined {
    const table = this.itemTable();
    const owner = table.onlyOwner ?? ownerByTemplate(table.templates, uri);
    return owner && new ExposedItem('resource', uri, owner.gateway, uri, { onlyIn: owner.onlyIn });
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
