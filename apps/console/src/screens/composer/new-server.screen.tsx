import type { ReactNode } from 'react';

/** Being written. */
export function NewServerScreen(): ReactNode {
  return null;
}
