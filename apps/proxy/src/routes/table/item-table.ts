import { forEachKind, type ItemKind, type ServerManifest } from '@lethe/contracts';
import type { BlockStore } from '../content/block-store.js';
import type { Gateway } from './gateway.js';
import { type ExposedItem, ItemList } from './item-list.js';
import { UriTemplate } from '@lethe/mcp';

/** Exposed items by kind, in list order. */
export type ItemLists = Readonly<Record<ItemKind, ItemList>>;

/** Who owns a URI that is in no list: a gateway, and the era in which alone it has such resources. */
export type UriOwner = Pick<ExposedItem, 'gateway' | 'onlyIn'>;

/** Everything that a virtual server exposes. */
export interface ItemTable {
  readonly byKind: ItemLists;
  readonly templates: readonly ServedTemplate[];
  /** Set if only one gateway has resources. */
  readonly onlyOwner: UriOwner | undefined;
  /** Whether a gateway lists this resource or template, and the caller may not use it; undefined if callers may use everything. */
  readonly hides?: (uri: string, gateway: Gateway) => boolean;
}

/** A resource template, and who owns the URIs that match it. */
export interface ServedTemplate {
  readonly template: string;
  readonly matcher: UriTemplate;
  readonly owner: UriOwner;
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
  const templates = [...byKind.resourceTemplate.values()].map((owner) => ({
    template: owner.exposed,
    matcher: new UriTemplate(owner.own),
    owner,
  }));
  return { byKind, templates, onlyOwner: onlyOwnerIn(byKind) };
}

/** The only gateway that has resources, if there is one. */
export function onlyOwnerIn({ resource, resourceTemplate }: ItemLists): UriOwner | undefined {
  return onlyOwnerOf([...resource.values(), ...resourceTemplate.values()]);
}

function onlyOwnerOf(items: readonly ExposedItem[]): UriOwner | undefined {
  const [first] = items;
  if (!first || items.some(({ gateway }) => gateway !== first.gateway)) return undefined;
  const { gateway, onlyIn } = first;
  return { gateway, onlyIn: items.every((item) => item.onlyIn === onlyIn) ? onlyIn : undefined };
}
