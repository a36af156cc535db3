import type { SharedCatalogue } from '../content/shared-catalogue.js';
import type { Named, Renamed, SharedNames } from '../content/shared-names.js';
import type { CatalogueItem, ConditionalCapability, Era, ItemKind, JsonObject } from '@lethe/contracts';
import { isObject, type ParamHeader, readParamHeaders } from '@lethe/mcp';
import type { Gateway, GatewayEra } from './gateway.js';

/**
 * The gateways of a virtual server, each at the index of its catalogue. They are few: searching an array touches less
 * memory than a map.
 */
export interface ItemOwners {
  readonly catalogues: readonly SharedCatalogue[];
  readonly gateways: readonly Gateway[];
}

/**
 * The exposed items of one kind, in list order. Names are shared between all virtual servers that bundle the same
 * gateways; an `ExposedItem` is created when it is asked for.
 */
export class ItemList {
  /** The first map with a name wins. */
  private readonly names: readonly ReadonlyMap<string, Named>[];
  /** Client capabilities on which it depends what a client sees; empty for most lists. */
  readonly conditionalOn: ReadonlySet<ConditionalCapability>;

  constructor(
    private readonly kind: ItemKind,
    private readonly shared: readonly SharedNames[],
    private readonly owners: ItemOwners,
    /** Whether a role of the caller allows an exposed name; undefined if all are allowed. */
    private readonly isAllowed?: (exposed: string) => boolean,
  ) {
    this.names = shared.map((names) => names.ofKind(kind)).filter(({ size }) => size > 0);
    this.conditionalOn = new Set(shared.flatMap((names) => [...names.neededBy(kind)]));
  }

  get isEmpty(): boolean {
    return this.isAllowed ? this.values().next().done === true : this.names.length === 0;
  }

  /**
   * The items that any of these roles may use.
   * @param roles by exposed name: the bits of the roles that may use it
   */
  narrowedTo(roles: ReadonlyMap<string, number>, mask: number): ItemList {
    const isAllowed = (exposed: string): boolean => ((roles.get(exposed) ?? 0) & mask) !== 0;
    return new ItemList(this.kind, this.shared, this.owners, isAllowed);
  }

  get(exposed: string): ExposedItem | undefined {
    if (this.isAllowed?.(exposed) === false) return undefined;
    for (const names of this.names) {
      const named = names.get(exposed);
      if (named) return this.route(exposed, named);
    }
    return undefined;
  }

  *values(): Generator<ExposedItem, undefined> {
    const seen = new Set<string>();
    for (const names of this.names) {
      for (const [exposed, named] of names) {
        if (!seen.has(exposed) && this.isAllowed?.(exposed) !== false) yield this.route(exposed, named);
        seen.add(exposed);
      }
    }
  }

  private route(exposed: string, named: Named): ExposedItem {
    const item = 'item' in named ? named.item : named;
    const { catalogues, gateways } = this.owners;
    const gateway = gateways[catalogues.indexOf(item.catalogue)];
    if (!gateway) throw new Error('an item of an unknown gateway');
    if (!('item' in named)) return new ExposedItem(this.kind, exposed, gateway, item.own, item);
    const { onlyIn, needs, definition, legacyDefinition } = item;
    const listed = {
      onlyIn,
      needs,
      readOnly: named.readOnly,
      definition: shown(this.kind, exposed, definition, named),
      legacyDefinition: legacyDefinition && shown(this.kind, exposed, legacyDefinition, named),
    };
    return new ExposedItem(this.kind, exposed, gateway, item.own, listed);
  }
}

/** A definition under its exposed name; every other member is as the upstream sent it. */
function shown(kind: ItemKind, exposed: string, definition: JsonObject, { description }: Renamed): JsonObject {
  const isNamed = kind === 'tool' || kind === 'prompt';
  return {
    ...definition,
    ...(isNamed && { name: exposed }),
    ...(description !== undefined && { description }),
  };
}

function hintsReadOnly(definition: JsonObject | undefined): boolean {
  const annotations = definition?.['annotations'];
  return isObject(annotations) && annotations['readOnlyHint'] === true;
}

/** Cached by schema: all virtual servers that expose a tool share the schema's object. */
const paramHeadersBySchema = new WeakMap<JsonObject, readonly ParamHeader[]>();

/** What lists show of an item, and in which lists of the upstream it is. */
type ListedItem = {
  readonly [Member in 'onlyIn' | 'needs' | 'definition' | 'legacyDefinition']?: CatalogueItem[Member] | undefined;
} & { readonly readOnly?: boolean | undefined };

/** One exposed item: its name for clients, its gateway, and its name at the upstream. */
export class ExposedItem {
  constructor(
    readonly kind: ItemKind,
    readonly exposed: string,
    readonly gateway: Gateway,
    readonly own: string,
    /** Without a definition for a resource that is in no list. */
    private readonly listed: ListedItem,
  ) {}

  /** The only era in which the upstream has the item; undefined if that is no restriction. */
  get onlyIn(): Era | undefined {
    return this.listed.onlyIn;
  }

  /** The client capabilities without which the upstream does not list the item. */
  get needs(): readonly ConditionalCapability[] | undefined {
    return this.listed.needs;
  }

  /** The era in which the item is called for clients of an era: their own, if the upstream has the item there. */
  servedIn(era: Era): GatewayEra {
    return this.gateway.servedIn[this.listed.onlyIn ?? era];
  }

  /** Whether its gateway can be called. A model that saw other items in a list would go on trying them. */
  get isOpen(): boolean {
    return this.gateway.closed === undefined;
  }

  /**
   * Whether it only reads: as an administrator set it, else by the hint of the verified definition, if the hints of its
   * gateway are trusted. There are hints for tools only; to use a resource or prompt is to read it.
   * https://modelcontextprotocol.io/specification/2025-11-25/schema#toolannotations
   */
  get isReadOnly(): boolean {
    const { readOnly, definition, legacyDefinition = definition } = this.listed;
    if (readOnly !== undefined || this.kind !== 'tool') return readOnly ?? true;
    return this.gateway.trustsHints && hintsReadOnly(definition) && hintsReadOnly(legacyDefinition);
  }

  /** The definition that lists show to clients of an era; undefined for a resource that is in no list. */
  definitionFor(era: Era): JsonObject | undefined {
    const { definition, legacyDefinition } = this.listed;
    return era === 'legacy' ? (legacyDefinition ?? definition) : definition;
  }

  /** Arguments that modern requests repeat in headers; read from the schema at the first call. */
  paramHeaders(): readonly ParamHeader[] {
    const schema = this.listed.definition?.['inputSchema'];
    if (!isObject(schema)) return readParamHeaders(schema);
    const known = paramHeadersBySchema.get(schema);
    if (known) return known;
    const read = readParamHeaders(schema);
    paramHeadersBySchema.set(schema, read);
    return read;
  }
}
