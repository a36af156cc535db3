import type { ReactNode } from 'react';

/** Being written. */
export function AdministratorsScreen(): ReactNode {
  return null;
}
