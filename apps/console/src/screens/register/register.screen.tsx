import type { ReactNode } from 'react';

/** Being written. */
export function RegisterScreen(): ReactNode {
  return null;
}
