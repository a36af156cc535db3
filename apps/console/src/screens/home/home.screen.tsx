import type { ReactNode } from 'react';

/** Being written. */
export function HomeScreen(): ReactNode {
  return null;
}
