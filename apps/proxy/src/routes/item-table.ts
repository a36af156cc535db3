import type { ItemKind, ServerManifest } from '@lethe/contracts';
import { ITEM_KINDS } from '@lethe/contracts';
import type { BlockStore } from './block-store.js';
import type { GatewayRoute } from './gateway-route.js';
import { RouteList } from './route-list.js';
import { UriTemplate } from './uri-template.js';

/** What a virtual server exposes, by kind. */
export interface ItemTable {
  readonly byKind: ReadonlyMap<ItemKind, RouteList>;
  readonly templates: readonly { readonly matcher: UriTemplate; readonly gateway: GatewayRoute }[];
  readonly onlyGatewayWithResources: GatewayRoute | undefined;
}

/** Puts together what a manifest names, most of which other servers name too. */
export function loadItems(manifest: ServerManifest, gateways: readonly GatewayRoute[], blocks: BlockStore): ItemTable {
  const catalogues = new Map(manifest.gateways.map(({ id, blocks: own }) => [id, blocks.catalogue(id, own)]));
  const members = gateways.flatMap((gateway) => {
    const catalogue = catalogues.get(gateway.id);
    return catalogue ? [{ gateway, catalogue }] : [];
  });
  const byName = new Map(
    members.flatMap(({ gateway, catalogue }) => [[gateway.id, catalogue] as const, [gateway.slug, catalogue] as const]),
  );
  const owners = new Map(members.map(({ gateway, catalogue }) => [catalogue, gateway]));
  const names = manifest.names.map((digest) => blocks.names(digest, byName));
  const byKind = new Map(ITEM_KINDS.map((kind) => [kind, new RouteList(kind, names, owners)]));
  return { byKind, ...uriOwners(byKind) };
}

function uriOwners(byKind: ReadonlyMap<ItemKind, RouteList>): Omit<ItemTable, 'byKind'> {
  const resources = [...(byKind.get('resource')?.values() ?? [])];
  const templates = [...(byKind.get('resourceTemplate')?.values() ?? [])];
  const owners = new Set([...resources, ...templates].map(({ gateway }) => gateway));
  const [only] = owners;
  return {
    templates: templates.map(({ own, gateway }) => ({ matcher: new UriTemplate(own), gateway })),
    onlyGatewayWithResources: owners.size === 1 ? only : undefined,
  };
}
