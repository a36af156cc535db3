import type { CatalogueItem, ItemKind } from '@lethe/contracts';
import { toolHints } from '@lethe/mcp';
import { expect, it } from 'vitest';
import type { GatewayItem } from '../../apps/console/src/api/gateway-items.js';
import type { OwnedName } from '../../apps/console/src/api/server-documents.js';
import { composeDraft, isOn } from '../../apps/console/src/screens/composer/composition.js';
import type { ItemTags } from '../../apps/registry/src/gateways/item-tags.js';
import { type AssignedName, nameItems } from '../../apps/registry/src/servers/name-items.js';
import { pickItems } from '../../apps/registry/src/servers/pick-items.js';
import { verifies } from '../requirements.js';
import { seeded } from '../support/random-json.js';

const KINDS = ['tool', 'prompt', 'resource'] as const satisfies ItemKind[];
const NAMES = ['search', 'find', 'get_a', 'get_b', 'búsqueda', 'a-search', 'x'.repeat(70), 'note://1'];
const GLOBS = ['*', 'get_?', '*search', 'find'];
const GATEWAYS = ['a', 'b', 'c'];

/** A registry's view of random gateways and a random virtual server, which had other items before. */
class World {
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  one<T>(values: readonly T[]): T {
    const value = values[Math.floor(this.random() * values.length)];
    if (value === undefined) throw new Error('there is none');
    return value;
  }

  isSo(share: number): boolean {
    return this.random() < share;
  }

  catalogue(gatewayId: string) {
    const items = KINDS.flatMap((kind) => NAMES.filter(() => this.isSo(0.5)).map((own) => this.item(kind, own)));
    const itemTags: ItemTags[] = [{ kind: 'tool', name: this.one(GLOBS), tags: ['t'] }];
    return { gatewayId, items, itemTags: this.isSo(0.5) ? itemTags : [], trustHints: this.isSo(0.5) };
  }

  private item(kind: ItemKind, own: string): CatalogueItem {
    return { kind, own, definition: { name: own, annotations: { readOnlyHint: this.isSo(0.5) } } };
  }

  pick() {
    const [gateway, kind, name] = [this.one(GATEWAYS), this.one(KINDS), this.one(NAMES)];
    return {
      ...{ gateway, kind, name },
      ...(this.isSo(0.4) && { as: this.one(['search', 'other', 'find']) }),
      ...(this.isSo(0.2) && { enabled: false }),
    };
  }

  rule() {
    return {
      gateway: this.one(GATEWAYS),
      ...(this.isSo(0.3) && { kinds: [this.one(KINDS)] }),
      ...(this.isSo(0.5) && { names: [this.one(GLOBS)] }),
      ...(this.isSo(0.2) && { tags: ['t'] }),
      ...(this.isSo(0.3) && { annotations: { readOnlyHint: true } }),
    };
  }

  draft() {
    const picks = Array.from({ length: 6 }, () => this.pick());
    const items = [...new Map(picks.map((pick) => [`${pick.gateway} ${pick.kind} ${pick.name}`, pick])).values()];
    return { items, include: Array.from({ length: 3 }, () => this.rule()), maxNameLength: this.one([20, 64]) };
  }
}

type Registered = ReturnType<World['catalogue']>;

/** What the page reads of a gateway. */
function asRead({ gatewayId, items, itemTags, trustHints }: Registered) {
  const [tagged] = itemTags;
  const toItem = ({ kind, own, definition }: CatalogueItem): GatewayItem => {
    const isTagged = tagged !== undefined && kind === 'tool' && isLike(tagged.name, own);
    const hints = kind === 'tool' ? [toolHints(definition)] : [];
    return { kind, name: own, title: '', description: '', tags: isTagged ? ['t'] : [], hints, stale: false };
  };
  return { slug: gatewayId, tags: [], trustHints, items: items.map(toItem) };
}

function isLike(glob: string, name: string): boolean {
  return new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
}

const identity = (id: string): string => id;

/** Names as the page knows them. */
function asOwned(assigned: AssignedName[]): OwnedName[] {
  return assigned.map(({ kind, exposed, gatewayId, own, chosen }) => {
    const name = { kind, exposed, gateway: gatewayId, own };
    return chosen ? { ...name, chosen } : name;
  });
}

it('expects what the registry then publishes: the same items, their order, their names and clashes', () => {
  verifies('console.composer-preview');
  const counted = { named: 0, clashes: 0, unknown: 0 };
  for (let seed = 0; seed < 2_000; seed += 1) {
    const world = new World(seed);
    const catalogues = GATEWAYS.map((gateway) => world.catalogue(gateway));
    const earlier = world.draft();
    const { assigned } = nameItems(pickItems(earlier, catalogues).picked, [], identity, earlier.maxNameLength);
    const draft = world.draft();
    const { picked } = pickItems(draft, catalogues);
    const published = nameItems(picked, assigned, identity, draft.maxNameLength);
    const expected = composeDraft(draft, catalogues.map(asRead), asOwned(assigned)).items.filter(isOn);
    expect(expected.map(({ key }) => key)).toEqual(
      picked.map(({ gatewayId, kind, own }) => `${gatewayId} ${kind} ${own}`),
    );
    for (const { gateway, item, name } of expected) {
      const isIt = (other: { gatewayId: string; kind: string; own: string }): boolean =>
        other.gatewayId === gateway && other.kind === item.kind && other.own === item.name;
      const given = published.named.find(isIt)?.exposed;
      if (name?.by === 'clash') counted.clashes += 1;
      else if (name?.exposed === undefined) counted.unknown += 1;
      else counted.named += 1;
      if (name?.by === 'clash') expect(given, `seed ${seed}`).toBeUndefined();
      else if (name?.exposed !== undefined) expect(given, `seed ${seed}`).toBe(name.exposed);
      else expect(given, `seed ${seed}`).toBeDefined();
    }
  }
  expect(Math.min(...Object.values(counted))).toBeGreaterThan(500);
});
