import type { ExposedItem } from '@lethe/contracts';
import type { SharedCatalogue } from './shared-catalogue.js';
import { SharedNames } from './shared-names.js';

/** Catalogues by what names call their gateway. */
export type CataloguesByGateway = ReadonlyMap<string, SharedCatalogue>;

/** One block of names: what it says once for each state of the catalogues that it is about. */
export class NamesBlock {
  /** Those that it is about, as it calls them. */
  private gateways: readonly string[] | undefined;
  private known: readonly SharedNames[] = [];

  constructor(private readonly read: () => readonly ExposedItem[]) {}

  /** One object for all virtual servers whose catalogues of these gateways are the same. */
  over(all: CataloguesByGateway): SharedNames {
    this.gateways ??= [...new Set(this.read().map(({ gateway }) => gateway))];
    const picked = pick(all, this.gateways);
    const known = this.known.find(({ catalogues }) => isSame(catalogues, picked));
    if (known) return known;
    const names = new SharedNames(this.read(), picked);
    this.known = [...this.known, names];
    return names;
  }

  /** Forgets what rests on a catalogue that is gone. */
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
