import type { ReactNode } from 'react';

/** Being written. */
export function AuditScreen(): ReactNode {
  return null;
}
