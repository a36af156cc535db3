import type { ReactNode } from 'react';

/** Being written. */
export function ServersScreen(): ReactNode {
  return null;
}
