import { useInfiniteQuery, type UseInfiniteQueryResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { isProblem } from '../../api/problem.js';
import { decide, type Review, reviewOf } from '../../api/reviews.js';
import { useFormats } from '../../text/text.js';
import { useToasts } from '../../ui/toasts.js';
import { changeKey, decidedChanges, type DecidedChanges } from './review-changes.js';
import { REVIEW } from './texts.js';

/** All changes of a result; they are read page by page until the last one. */
export function useAllChanges(ref: string, vid: string): UseInfiniteQueryResult<Review> {
  const query = useInfiniteQuery(reviewOf(ref, vid));
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  return query;
}

/** Which changes are chosen, and what is decided about them. */
export interface Deciding {
  chosen: ReadonlySet<string>;
  choose: (keys: readonly string[], isChosen: boolean) => void;
  about: DecidedChanges;
  run: (what: 'apply' | 'reject') => void;
  isRunning: 'apply' | 'reject' | undefined;
  /** Somebody else has decided about a part: nothing of this decision was carried out. */
  isOutdated: boolean;
  forgetOutdated: () => void;
}

/** Chooses changes of a review and decides about them, unless somebody else has in the meantime (412). */
export function useDeciding(names: { ref: string; vid: string; gateway: string }, review: Review): Deciding {
  const { text } = useFormats();
  const toasts = useToasts();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const about = decidedChanges(review.changes, chosen);
  const { ref, vid } = names;
  const mutation = useMutation({
    mutationFn: (what: 'apply' | 'reject') =>
      decide({ ref, vid, what, items: about.isAll ? undefined : about[what], etag: review.etag }),
    onSuccess: ({ review: rest }, what) => {
      setChosen(new Set());
      const said = text(what === 'apply' ? REVIEW.appliedToast : REVIEW.rejectedToast, {
        count: about[what].length,
        name: names.gateway,
      });
      toasts.done(`${said} ${text(rest ? REVIEW.moreWait : REVIEW.nothingWaits)}`);
    },
    onError: (error) => {
      if (!isProblem(error, 'precondition_failed')) toasts.failed(error);
    },
    onSettled: () => Promise.all(CHANGED.map((queryKey) => queries.invalidateQueries({ queryKey: [queryKey] }))),
  });
  return {
    chosen,
    choose: (keys, isChosen) => setChosen((before) => withKeys(before, keys, isChosen)),
    about,
    run: mutation.mutate,
    isRunning: mutation.isPending ? mutation.variables : undefined,
    isOutdated: isProblem(mutation.error, 'precondition_failed'),
    forgetOutdated: mutation.reset,
  };
}

/** What a decision puts out of date. */
const CHANGED = ['verifications', 'gateways', 'items', 'servers'] as const;

function withKeys(before: ReadonlySet<string>, keys: readonly string[], isIn: boolean): ReadonlySet<string> {
  const after = new Set(before);
  for (const key of keys) {
    if (isIn) after.add(key);
    else after.delete(key);
  }
  return after;
}

/** The change at a position of a list, by its key. */
export function positionOf(changes: Review['changes'], key: string | undefined): number {
  return Math.max(
    0,
    changes.findIndex((change) => changeKey(change) === key),
  );
}
