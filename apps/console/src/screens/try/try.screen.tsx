import type { ReactNode } from 'react';

/** Being written. */
export function TryScreen(): ReactNode {
  return null;
}
