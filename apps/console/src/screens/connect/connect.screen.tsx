import type { ReactNode } from 'react';

/** Being written. */
export function ConnectScreen(): ReactNode {
  return null;
}
