import type { CatalogueItem, ExposedItem, ItemKind, JsonObject, ServerManifest } from '@lethe/contracts';
import { ITEM_KINDS } from '@lethe/contracts';
import type { BlockStore } from './block-store.js';
import type { GatewayRoute } from './gateway-route.js';
import { Route } from './route.js';
import { UriTemplate } from './uri-template.js';

/** What a virtual server exposes, by kind and exposed name; the maps keep the order of the lists. */
export interface ItemTable {
  readonly byKind: ReadonlyMap<ItemKind, ReadonlyMap<string, Route>>;
  readonly templates: readonly { readonly matcher: UriTemplate; readonly gateway: GatewayRoute }[];
  readonly onlyGatewayWithResources: GatewayRoute | undefined;
}

/** Reads names and definitions out of the blocks of a manifest. Names without an item behind them are left out. */
export function loadItems(manifest: ServerManifest, gateways: readonly GatewayRoute[], blocks: BlockStore): ItemTable {
  const definitions = new Map(
    manifest.gateways.map((gateway) => [gateway.id, definitionsOf(blocks.catalogue(gateway.blocks))]),
  );
  const byName = new Map(
    gateways.flatMap((gateway) => [[gateway.id, gateway] as const, [gateway.slug, gateway] as const]),
  );
  const byKind = new Map(ITEM_KINDS.map((kind) => [kind, new Map<string, Route>()]));
  for (const item of blocks.names(manifest.names)) {
    const gateway = byName.get(item.gateway);
    const definition = gateway && definitions.get(gateway.id)?.get(keyOf(item));
    const routes = byKind.get(item.kind);
    if (!gateway || !definition || !routes || routes.has(item.exposed)) continue;
    routes.set(item.exposed, new Route(item.kind, item.exposed, gateway, item.own, shown(item, definition)));
  }
  return { byKind, ...uriOwners(byKind) };
}

function uriOwners(byKind: ReadonlyMap<ItemKind, ReadonlyMap<string, Route>>): Omit<ItemTable, 'byKind'> {
  const resources = [...(byKind.get('resource')?.values() ?? [])];
  const templates = [...(byKind.get('resourceTemplate')?.values() ?? [])];
  const owners = new Set([...resources, ...templates].map(({ gateway }) => gateway));
  const [only] = owners;
  return {
    templates: templates.map(({ own, gateway }) => ({ matcher: new UriTemplate(own), gateway })),
    onlyGatewayWithResources: owners.size === 1 ? only : undefined,
  };
}

function definitionsOf(items: readonly CatalogueItem[]): Map<string, JsonObject> {
  return new Map(items.map((item) => [keyOf(item), item.definition]));
}

function keyOf({ kind, own }: { kind: ItemKind; own: string }): string {
  return `${kind} ${own}`;
}

/** The definition under its exposed name, every other member as the upstream sent it. */
function shown(item: ExposedItem, definition: JsonObject): JsonObject {
  const isNamed = item.kind === 'tool' || item.kind === 'prompt';
  return {
    ...definition,
    ...(isNamed && { name: item.exposed }),
    ...(item.description !== undefined && { description: item.description }),
  };
}
