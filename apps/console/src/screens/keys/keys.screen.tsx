import type { ReactNode } from 'react';

/** Being written. */
export function KeysScreen(): ReactNode {
  return null;
}
