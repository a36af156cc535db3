import type { ExposedItem } from '@lethe/contracts';
import type { SharedCatalogue } from './shared-catalogue.js';
import { SharedNames } from './shared-names.js';

/** Catalogues by the key that blocks of names use for their gateway: id or slug. */
export type CataloguesByGateway = ReadonlyMap<string, SharedCatalogue>;

/** One block of names, with one `SharedNames` for each combination of catalogues that it was used with. */
export class ExposedNames {
  /** The gateways that the block mentions, by its own keys. */
  private gateways: readonly string[] | undefined;
  private known: readonly SharedNames[] = [];

  constructor(private readonly read: () => readonly ExposedItem[]) {}

  /** Returns the same object for all virtual servers with the same catalogues of these gateways. */
  over(all: CataloguesByGateway): SharedNames {
    this.gateways ??= [...new Set(this.read().map(({ gateway }) => gateway))];
    const picked = pick(all, this.gateways);
    const known = this.known.find(({ catalogues }) => isSame(catalogues, picked));
    if (known) return known;
    const names = new SharedNames(this.read(), picked);
    this.known = [...this.known, names];
    return names;
  }

  /** Drops names whose catalogues are not used any more. */
  prune(isUsed: (catalogue: SharedCatalogue) => boolean): void {
    this.known = this.known.filter(({ catalogues }) => [...catalogues.values()].every(isUsed));
  }
}

function pick(all: CataloguesByGateway, gateways: readonly string[]): CataloguesByGateway {
  const picked = gateways.flatMap((gateway) => {
    const catalogue = all.get(gateway);
    return catalogue ? [[gateway, catalogue] as const] : [];
  });
  return new Map(picked);
}

function isSame(one: CataloguesByGateway, other: CataloguesByGateway): boolean {
  return one.size === other.size && [...one].every(([gateway, catalogue]) => other.get(gateway) === catalogue);
}
