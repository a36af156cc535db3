import type { ReactNode } from 'react';

/** Being written. */
export function ServerScreen(): ReactNode {
  return null;
}
