import type { ReactNode } from 'react';

/** Being written. */
export function CatalogueScreen(): ReactNode {
  return null;
}
