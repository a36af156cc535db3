import type { ItemKind, ServerManifest } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import type { Gateway } from './gateway.js';
import type { ItemTable, ItemLists } from './item-table.js';
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
    const item = this.items[kind].get(name) ?? (kind === 'resource' ? this.resolveUri(name) : undefined);
    if (item) return item;
    if (kind !== 'resource') throw new LetheError('item_unknown');
    throw new LetheError('resource_unknown', name.length <= MAX_REPEATED_URI ? { uri: name } : {});
  }

  /** The gateway that a resource's URI belongs to, if any. */
  ownerOf(uri: string): Gateway | undefined {
    return (this.items.resource.get(uri) ?? this.resolveUri(uri))?.gateway;
  }

  /** Exact passthrough header names of all gateways here that map this header. */
  exactNamesFor(header: string): string[] {
    const wanted = header.toLowerCase();
    const sources = this.gateways.flatMap((gateway) => gateway.passthroughHeaders);
    return sources.filter(({ mapping }) => mapping.header.toLowerCase() === wanted).map(({ exactName }) => exactName);
  }

  /** The owner of a URI that is in no list: by template, or the only gateway with resources. */
  private resolveUri(uri: string): ExposedItem | undefined {
    const table = this.itemTable();
    const gateway = table.onlyGatewayWithResources ?? ownerByTemplate(table.templates, uri);
    return gateway && new ExposedItem('resource', uri, gateway, uri, undefined);
  }

  private itemTable(): ItemTable {
    this.table ??= this.load(this.gateways);
    return this.table;
  }
}

function ownerByTemplate(templates: ItemTable['templates'], uri: string): Gateway | undefined {
  const left = new Map<Gateway, number>();
  for (const { matcher, gateway } of templates) {
    const steps = (left.get(gateway) ?? STEPS_PER_GATEWAY) - matcher.cost(uri);
    if (steps < 0) continue;
    left.set(gateway, steps);
    if (matcher.matches(uri)) return gateway;
  }
  return undefined;
}
