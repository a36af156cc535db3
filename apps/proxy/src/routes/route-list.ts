import type { ExposedItem, ItemKind, JsonObject } from '@lethe/contracts';
import type { GatewayRoute } from './gateway-route.js';
import { Route } from './route.js';
import type { SharedCatalogue, SharedItem } from './shared-catalogue.js';

/** An item under another name or description than its own. */
interface Renamed {
  readonly item: SharedItem;
  readonly description: string | undefined;
}

/**
 * The exposed items of one kind, in list order. Thousands of virtual servers may bundle the same items: here is only which
 * item has which name, and a route is made when it is asked for.
 */
export class RouteList {
  private readonly lines = new Map<string, SharedItem | Renamed>();

  constructor(
    private readonly kind: ItemKind,
    private readonly gateways: ReadonlyMap<SharedCatalogue, GatewayRoute>,
  ) {}

  /** The first of two with one name stays. */
  add({ exposed, own, description }: ExposedItem, item: SharedItem): void {
    if (this.lines.has(exposed)) return;
    const isAsOwn = exposed === own && description === undefined;
    // The catalogue's own string, so that the names block's can go.
    this.lines.set(exposed === item.own ? item.own : exposed, isAsOwn ? item : { item, description });
  }

  get size(): number {
    return this.lines.size;
  }

  get(exposed: string): Route | undefined {
    const line = this.lines.get(exposed);
    return line && this.route(exposed, line);
  }

  *values(): Generator<Route, undefined> {
    for (const [exposed, line] of this.lines) yield this.route(exposed, line);
  }

  private route(exposed: string, line: SharedItem | Renamed): Route {
    const item = 'item' in line ? line.item : line;
    const gateway = this.gateways.get(item.catalogue);
    if (!gateway) throw new Error('an item of a gateway that is not here');
    const definition = 'item' in line ? shown(this.kind, exposed, line) : item.definition;
    return new Route(this.kind, exposed, gateway, item.own, definition);
  }
}

/** The definition under its exposed name, every other member as the upstream sent it. */
function shown(kind: ItemKind, exposed: string, { item, description }: Renamed): JsonObject {
  const isNamed = kind === 'tool' || kind === 'prompt';
  return {
    ...item.definition,
    ...(isNamed && { name: exposed }),
    ...(description !== undefined && { description }),
  };
}
