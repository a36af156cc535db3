import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import { pagesOf } from './pages.js';
import type { components, operations } from './schema.js';

/** What proxies told of calls: counts over time, by how they ended, by virtual server and gateway. */
export type Activity = components['schemas']['ActivityView'];
/** One of the last calls. */
export type Call = components['schemas']['CallView'];
/** What there is, and what ends soon. */
export type Overview = components['schemas']['OverviewView'];
/** How far back, and of which virtual server or gateway. */
export type ActivityFilters = NonNullable<operations['getActivity']['parameters']['query']>;
/** Which of the last calls. */
export type CallFilters = Omit<NonNullable<operations['listCalls']['parameters']['query']>, 'cursor' | 'limit'>;

/** Proxies tell every five seconds; there is no event of the registry for it. */
const EVERY_MS = 5_000;
const PAGE = 100;
/** Instead of an interval. */
const STANDS_STILL = { refetchInterval: false } as const;

/** Counts of calls, kept up to date. What was read for other filters stays in sight until these are there. */
export function activity(filters: ActivityFilters) {
  return queryOptions({
    queryKey: ['activity', filters],
    queryFn: async ({ signal }) => body(await api.GET('/v1/activity', { params: { query: filters }, signal })),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });
}

async function readCalls(filters: CallFilters, cursor: string | undefined, signal: AbortSignal) {
  const query = { ...filters, limit: PAGE, ...(cursor !== undefined && { cursor }) };
  return body(await api.GET('/v1/calls', { params: { query }, signal }));
}

/** The last calls page by page, as they were when they were read: they do not move while somebody reads them. */
export function callPages(filters: CallFilters) {
  const pages = pagesOf<Call>(['calls', 'pages', filters], (cursor, signal) => readCalls(filters, cursor, signal));
  return { ...pages, ...STANDS_STILL, staleTime: Infinity, gcTime: 0 };
}

/** The newest calls, kept up to date, to tell how many there are that `callPages` does not show yet. */
export function newestCalls(filters: CallFilters) {
  return queryOptions({
    queryKey: ['calls', 'newest', filters],
    queryFn: async ({ signal }) => (await readCalls(filters, undefined, signal)).items,
    refetchInterval: EVERY_MS,
  });
}

/** What there is, for the first screen. */
export function overview() {
  return queryOptions({
    queryKey: ['overview'],
    queryFn: async ({ signal }) => body(await api.GET('/v1/overview', { signal })),
    refetchInterval: EVERY_MS,
  });
}

/** What a code means, and what to do, in the words of the registry. */
export function problemText(code: string) {
  return queryOptions({
    queryKey: ['problem', code],
    queryFn: async ({ signal }) =>
      body(await api.GET('/problems/{code}', { params: { path: { code } }, parseAs: 'text', signal })),
    staleTime: Infinity,
    ...STANDS_STILL,
    retry: false,
  });
}
