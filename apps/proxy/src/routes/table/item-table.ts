import { forEachKind, type ItemKind, type ServerManifest } from '@lethe/contracts';
import type { BlockStore } from '../content/block-store.js';
import type { Gateway } from './gateway.js';
import { ItemList } from './item-list.js';
import { UriTemplate } from './uri-template.js';

/** Exposed items by kind, in list order. */
export type ItemLists = Readonly<Record<ItemKind, ItemList>>;

/** Everything that a virtual server exposes. */
export interface ItemTable {
  readonly byKind: ItemLists;
  readonly templates: readonly { readonly matcher: UriTemplate; readonly gateway: Gateway }[];
  readonly onlyGatewayWithResources: Gateway | undefined;
}

/** Builds the table of a manifest's items, most of which other manifests share. */
export function loadItems(manifest: ServerManifest, gateways: readonly Gateway[], blocks: BlockStore): ItemTable {
  const catalogues = new Map(manifest.gateways.map(({ id, blocks: own }) => [id, blocks.catalogue(id, own)]));
  const members = gateways.flatMap((gateway) => {
    const catalogue = catalogues.get(gateway.id);
    return catalogue ? [{ gateway, catalogue }] : [];
  });
  const byName = new Map(
    members.flatMap(({ gateway, catalogue }) => [[gateway.id, catalogue] as const, [gateway.slug, catalogue] as const]),
  );
  const owners = {
    catalogues: members.map(({ catalogue }) => catalogue),
    gateways: members.map(({ gateway }) => gateway),
  };
  const names = manifest.names.map((digest) => blocks.names(digest, byName));
  const byKind = forEachKind((kind) => new ItemList(kind, names, owners));
  return { byKind, ...uriOwners(byKind) };
}

function uriOwners(byKind: ItemLists): Omit<ItemTable, 'byKind'> {
  const resources = [...byKind.resource.values()];
  const templates = [...byKind.resourceTemplate.values()];
  const owners = new Set([...resources, ...templates].map(({ gateway }) => gateway));
  const [only] = owners;
  return {
    templates: templates.map(({ own, gateway }) => ({ matcher: new UriTemplate(own), gateway })),
    onlyGatewayWithResources: owners.size === 1 ? only : undefined,
  };
}
