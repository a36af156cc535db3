import type { ReactNode } from 'react';

/** Being written. */
export function GatewayScreen(): ReactNode {
  return null;
}
