import { type InfiniteData, infiniteQueryOptions } from '@tanstack/react-query';
import { api, ifMatch, type Versioned, versioned } from './client.js';
import type { Verification } from './verifications.js';
import type { components } from './schema.js';

/** What differs in one item, or in what an upstream says of itself. */
export type Change = components['schemas']['ChangeView'];
/** Names one change of a result. */
export type ChangeRef = components['schemas']['ChangeRefDto'];
type Diff = components['schemas']['DiffView'];

/** The changes that are read so far, and what they belong to. */
export interface Review extends Pick<Diff, 'waits' | 'comparedWith'> {
  changes: Change[];
  /** Of the page that was read first: a decision since then is noticed. */
  etag: string | undefined;
}

const PAGE = 200;
const NO_CURSOR: string | undefined = undefined;

/** What a verification has added, changed and removed, page by page. */
export function reviewOf(ref: string, vid: string) {
  return infiniteQueryOptions({
    queryKey: ['verifications', 'diff', ref, vid],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam !== undefined && { cursor: pageParam }) };
      const params = { path: { ref, vid }, query };
      return versioned(await api.GET('/v1/gateways/{ref}/verifications/{vid}/diff', { params, signal }));
    },
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page: Versioned<Diff>) => page.value.nextCursor,
    select: ({ pages }: InfiniteData<Versioned<Diff>>): Review => ({
      changes: pages.flatMap(({ value }) => value.items),
      waits: pages[0]?.value.waits ?? null,
      comparedWith: pages[0]?.value.comparedWith ?? null,
      etag: pages[0]?.etag,
    }),
  });
}

/** Most changes that one request may name. */
const MOST_NAMED = 1_000;

/** A decision about changes: `items` are those it is about, undefined all that wait. */
export interface Decision {
  ref: string;
  vid: string;
  what: 'apply' | 'reject';
  items: readonly ChangeRef[] | undefined;
  etag: string | undefined;
}

/**
 * Applies or rejects changes; many by several requests, each of which holds to what the one before has left.
 * @throws Problem `precondition_failed` if somebody has decided about a part since `etag`; `review_superseded`,
 * `nothing_to_apply`, `server_waits`
 */
export async function decide({ ref, vid, what, items, etag }: Decision): Promise<Verification> {
  const now = items?.slice(0, MOST_NAMED);
  const later = items?.slice(MOST_NAMED) ?? [];
  const request = {
    params: { path: { ref, vid }, header: ifMatch(etag) },
    ...(now && { body: { items: now.map(({ kind, name }) => ({ kind, name })) } }),
  };
  const decided = versioned(
    what === 'apply'
      ? await api.POST('/v1/gateways/{ref}/verifications/{vid}/apply', request)
      : await api.POST('/v1/gateways/{ref}/verifications/{vid}/reject', request),
  );
  return later.length === 0 ? decided.value : decide({ ref, vid, what, items: later, etag: decided.etag });
}
