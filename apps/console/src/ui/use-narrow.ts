import { useSyncExternalStore } from 'react';

const narrow = (): MediaQueryList => globalThis.matchMedia('(max-width: 700px)');

/** Whether the page is as narrow as a phone: a table then has fewer columns. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = narrow();
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => narrow().matches,
  );
}
