import { CREDENTIAL_USES, type CredentialUse, type Grant, ITEM_KINDS, type ItemKind, type PassthroughMapping } from '@lethe/contracts'; // prettier-ignore
import fc from 'fast-check';

/**
 * What is with the kept credential of a gateway. `forgetting`: its deletion has arrived, and the manifest after it has not;
 * `unknown`: its entry has not.
 */
const KEPT_STATES = ['once', 'kept', 'forgotten', 'forgetting', 'expired', 'changed', 'unknown'] as const;
export type KeptState = (typeof KEPT_STATES)[number];
/** Manifests say nothing of these. */
export const NOT_SAID: ReadonlySet<KeptState> = new Set<KeptState>(['once', 'forgotten']);
/** Of these only the proxy knows. */
export const UNDERWAY: ReadonlySet<KeptState> = new Set<KeptState>(['forgetting', 'unknown']);

export interface RandomItem {
  kind: ItemKind;
  /** Its name or URI, for clients and upstream alike. */
  own: string;
  /** As its definition says it. */
  hint: boolean | undefined;
  /** As an administrator says it. */
  readOnly: boolean | undefined;
}

export interface RandomGateway {
  slug: string;
  mappings: PassthroughMapping[];
  items: RandomItem[];
  trustHints: boolean;
  state: KeptState;
  use: CredentialUse | undefined;
}

export interface RandomServer {
  access: 'key' | 'open' | 'jwt';
  grants: Grant[] | undefined;
  gateways: RandomGateway[];
}

/** Roles that grants name; a caller has any of them, and one that none names. */
export const ROLES = ['eng', 'ops', 'audit'];
export const MAPPINGS: readonly PassthroughMapping[][] = [
  [],
  [{ header: 'Authorization', required: true }],
  [{ header: 'Authorization', scheme: 'bearer' }, { header: 'X-Team' }],
  [{ header: 'X-Api-Key', to: { query: 'key' } }],
];
const GLOBS = ['*', 'a*', '*_1', 'x://*', 'x://{id}/*', 'x://a/*', '*2'];
const URIS = ['x://a/1', 'x://b/1', 'y://z'];
const TEMPLATES = ['x://{id}/1', 'x://a/{+rest}', 'y://{id}'];

/** URIs that no list has, and that templates match, or only the one owner of resources has. */
export const UNLISTED = [
  'x://c/1',
  'x://c/12',
  'x://a/far/away',
  'x://a/far/away2',
  'y://other',
  'y://other2',
  'z://nobody',
];

const subset = <T>(from: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...from]);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 1 });
const said = maybe(fc.boolean());

function itemsOf(slug: string): fc.Arbitrary<RandomItem[]> {
  const named = (kind: ItemKind, names: string[]): fc.Arbitrary<RandomItem[]> =>
    fc.tuple(subset(names), said, said).map(([own, hint, readOnly]) =>
      own.map((name, at) => ({ kind, own: slug === 'g0' ? name : `${name}2`, hint, readOnly: at === 0 ? readOnly : undefined })),
    ); // prettier-ignore
  const several = [
    ...[named('tool', ['a', 'b_1']), named('prompt', ['a_p', 'c'])],
    ...[named('resource', URIS), named('resourceTemplate', TEMPLATES)],
  ];
  return fc.tuple(...several).map((lists) => lists.flat());
}

const gatewayOf = (slug: string): fc.Arbitrary<RandomGateway> =>
  fc.record({
    slug: fc.constant(slug),
    mappings: fc.constantFrom(...MAPPINGS),
    items: itemsOf(slug),
    trustHints: fc.boolean(),
    state: fc.oneof({ weight: 2, arbitrary: fc.constant<KeptState>('kept') }, fc.constantFrom(...KEPT_STATES)),
    use: fc.constantFrom(undefined, ...CREDENTIAL_USES, 'kept' as const, 'callers-then-kept' as const),
  });

const grant: fc.Arbitrary<Grant> = fc
  .record({
    role: fc.constantFrom('*', ...ROLES),
    kinds: maybe(subset(ITEM_KINDS)),
    gateways: fc.constantFrom<string[] | undefined>(undefined, ['g0'], ['g1'], ['g0', 'g1'], ['g0', 'g1']),
    names: maybe(fc.array(fc.constantFrom(...GLOBS), { minLength: 1, maxLength: 2 })),
    readOnly: fc.constantFrom(undefined, undefined, true as const),
  })
  .map((given): Grant => {
    const { role, kinds, gateways, names, readOnly } = given;
    return { role, ...(kinds && { kinds }), ...(gateways && { gateways }), ...(names && { names }), ...(readOnly && { readOnly }) }; // prettier-ignore
  });

/** Virtual servers of two gateways, in all combinations that decide whose credential a request has. */
export const randomServer: fc.Arbitrary<RandomServer> = fc.record({
  access: fc.constantFrom('key', 'key', 'key', 'jwt', 'open'),
  grants: fc.oneof(
    { weight: 9, arbitrary: fc.array(grant, { minLength: 1, maxLength: 5 }) },
    fc.constant<Grant[] | undefined>(undefined),
  ),
  gateways: fc.tuple(gatewayOf('g0'), gatewayOf('g1')),
});

/** Every set of roles that a caller can have. */
export const ROLE_SETS: readonly string[][] = Array.from({ length: 2 ** ROLES.length }, (_, mask) => [
  ...ROLES.filter((_role, bit) => (mask & (1 << bit)) !== 0),
  'of-no-grant',
]);
