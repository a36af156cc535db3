import type { ReactNode } from 'react';

/** Being written. */
export function VerifyScreen(): ReactNode {
  return null;
}
