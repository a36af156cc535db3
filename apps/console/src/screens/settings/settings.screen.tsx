import type { ReactNode } from 'react';

/** Being written. */
export function SettingsScreen(): ReactNode {
  return null;
}
