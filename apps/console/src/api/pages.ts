import { type InfiniteData, infiniteQueryOptions, type QueryKey } from '@tanstack/react-query';

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** Absent on the last page. */
  nextCursor?: string | null;
}

/**
 * The pages of a list as an infinite query: `readPage` reads one.
 * @returns options for `useInfiniteQuery`; its data are the items of all pages read so far
 */
export function pagesOf<T>(
  key: QueryKey,
  readPage: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => readPage(pageParam, signal),
    initialPageParam: NO_CURSOR,
    getNextPageParam: (page: Page<T>) => page.nextCursor ?? undefined,
    select: (data: InfiniteData<Page<T>>) => data.pages.flatMap(({ items }) => items),
  });
}

const NO_CURSOR: string | undefined = undefined;
