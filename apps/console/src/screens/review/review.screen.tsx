import type { ReactNode } from 'react';

/** Being written. */
export function ReviewScreen(): ReactNode {
  return null;
}
