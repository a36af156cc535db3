import { type Grant, ITEM_KINDS, type ItemKind, type JsonObject } from '@lethe/contracts';
import { keptGrant, LIST_OF, UriTemplate } from '@lethe/mcp';
import { seeded } from '@test/support/random-json.js';
import { verifies } from '@test/requirements.js';
import { serverRoutes, type TestGateway } from '@test/support/proxy/server-routes.js';
import { testSealer } from '@test/support/trust.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERAS } from '../protocol/eras.js';
import { errorBody } from '../protocol/errors.js';
import type { Gateway } from '../routes/table/gateway.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';
import { Lists } from './lists.js';

const SEED = 20_261_130;
const SERVERS = 250;
const CALLERS_OF_EACH = 40;
const ROLES = ['eng', 'ops', 'sales', 'audit'];
const GLOBS = ['*', 'a*', '*_1', 'b?', 'x://*', 'x://{?}/*', 'get_*', '*z*', 'x://a/*'];

type Random = () => number;
type Items = NonNullable<TestGateway['items']>;

const hints = (random: Random): JsonObject => (random() < 0.5 ? {} : { annotations: { readOnlyHint: random() < 0.5 } });
const pick = <T>(random: Random, from: readonly T[]): T => {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};
const some = <T>(random: Random, from: readonly T[]): T[] => from.filter(() => random() < 0.5);

function randomGateway(random: Random, slug: string): TestGateway {
  const named = (kind: ItemKind): Items =>
    some(random, ['a', 'a_1', 'b1', 'get_z', 'other']).map((name) => [
      kind,
      `${name}${slug === 'g0' ? '' : '2'}`,
      kind === 'tool' ? hints(random) : {},
    ]);
  const uris = some(random, ['x://a/1', 'x://a/b/1', 'x://b/1', 'x://z']).map((uri) => `${uri}${slug}`);
  const templates = some(random, ['x://{a}/1g0', 'x://a/{+rest}', `y://${slug}/{id}`]);
  const items: Items = [
    ...named('tool'),
    ...named('prompt'),
    ...uris.map((uri): Items[number] => ['resource', uri]),
    ...templates.map((uri): Items[number] => ['resourceTemplate', uri]),
  ];
  const readOnly = Object.fromEntries(some(random, items.map(([, own]) => own)).slice(0, 2).map((own) => [own, random() < 0.5])); // prettier-ignore
  return { slug, mappings: [], items, readOnly, ...(random() < 0.5 && { trustHints: true }) };
}

function randomGrant(random: Random): Grant {
  return {
    role: random() < 0.15 ? '*' : pick(random, ROLES),
    ...(random() < 0.5 && { kinds: some(random, ITEM_KINDS) }),
    ...(random() < 0.4 && { gateways: some(random, ['g0', 'g1']) }),
    ...(random() < 0.6 && { names: [pick(random, GLOBS), pick(random, GLOBS)] }),
    ...(random() < 0.3 && { readOnly: true }),
  };
}

/** The gateway that is called for a name, or the error; names in it are replaced, as they are the caller's own. */
function outcomeOf(server: VirtualServer, kind: ItemKind, name: string): Gateway | string {
  try {
    if (kind === 'resourceTemplate') return server.items[kind].get(name)?.gateway ?? 'unknown';
    return server.resolve(kind, name).gateway;
  } catch (error) {
    return errorBody(error as never, 1, server).replace(JSON.stringify(name), '"<name>"');
  }
}

describe('a virtual server with grants', () => {
  // Half a million errors are made, and nobody reads their stacks.
  const { stackTraceLimit } = Error;
  beforeAll(() => void (Error.stackTraceLimit = 0));
  afterAll(() => void (Error.stackTraceLimit = stackTraceLimit));

  it(`lists to each caller exactly what the caller may call, of every kind, in both eras (seed ${SEED})`, () => {
    verifies('grants.listed-is-callable');
    verifies('kept.granted-only');
    const random = seeded(SEED);
    const lists = new Lists(testSealer('cursor'));
    const listed = (server: VirtualServer, kind: ItemKind, era: 'legacy' | 'modern'): string[] => {
      const rule = { kind, member: LIST_OF[kind].member };
      const { bytes } = lists.page({ server, era: ERAS[era], rule });
      const { result } = JSON.parse(`{"result":${bytes.toString()}`);
      if (era === 'modern' && result.cacheScope !== 'private') expect(result).toHaveProperty('cacheScope', 'private');
      return result[rule.member].map((item: Record<string, string>) => item[LIST_OF[kind].own]).toSorted();
    };
    let [shown, hidden, kept] = [0, 0, 0];
    for (let n = 0; n < SERVERS; n += 1) {
      const gateways = ['g0', 'g1'].map((slug) => randomGateway(random, slug));
      const grants = Array.from({ length: 1 + Math.floor(random() * 5) }, () => randomGrant(random));
      const whole = serverRoutes(gateways, { id: `server-${n}`, grants });
      const templates = [...whole.items.resourceTemplate.values()].map(({ kind, exposed, gateway: { slug }, isReadOnly }) => ({ kind, exposed, gateway: slug, isReadOnly })); // prettier-ignore
      for (let caller = 0; caller < CALLERS_OF_EACH; caller += 1) {
        const roles = some(random, [...ROLES, 'unknown']);
        const server = whole.seenBy(roles);
        for (const kind of ITEM_KINDS) {
          const all = [...whole.items[kind].values()].map(({ exposed, gateway }) => ({
            name: exposed,
            isCallable: outcomeOf(server, kind, exposed) === gateway,
          }));
          const callable = all.flatMap(({ name, isCallable }) => (isCallable ? [name] : [])).toSorted();
          for (const era of ['legacy', 'modern'] as const) {
            const found = listed(server, kind, era);
            // `expect` takes longer than all the rest.
            if (found.join() !== callable.join()) expect({ grants, kind, era, found }).toEqual({ found: callable });
          }
          const wrong = [...whole.items[kind].values()].find(({ exposed, gateway, isReadOnly }) => {
            const item = { kind, exposed, gateway: gateway.slug, isReadOnly };
            const matching = kind === 'resource' ? templates.filter((one) => one.gateway === gateway.slug && new UriTemplate(one.exposed).matches(exposed)) : []; // prettier-ignore
            const isGranted = server.grantsKept(gateway, whole.items[kind].get(exposed));
            kept += isGranted ? 1 : 0;
            return isGranted !== (keptGrant(grants, roles, item, matching) !== undefined);
          });
          if (wrong) expect({ grants, roles, kind, kept: wrong.exposed }).toBeUndefined();
          const unknown = outcomeOf(server, kind, 'nowhere://x');
          const denied = all.filter(({ isCallable }) => !isCallable).map(({ name }) => outcomeOf(server, kind, name));
          // A resource of one gateway may match a template of another, as one may that is in no list.
          const told = denied.find((outcome) => outcome !== unknown && typeof outcome === 'string');
          if (told !== undefined) expect({ grants, kind, told }).toEqual({ told: unknown });
          shown += callable.length;
          hidden += denied.length;
        }
      }
    }
    // Neither everything nor nothing was allowed.
    expect(Math.min(shown, hidden) / (shown + hidden)).toBeGreaterThan(0.2);
    expect([kept > shown / 20, kept < shown]).toEqual([true, true]);
  }, 60_000);
});
