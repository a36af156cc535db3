import type { ReactNode } from 'react';

/** Being written. */
export function ActivityScreen(): ReactNode {
  return null;
}
