import { EVERYONE } from '@lethe/contracts';
import type { GrantResponse } from './responses.js';

/** Whether it lets its role use what is kept for a gateway: everybody never may. */
export function isForKept({ role, gateways }: GrantResponse, slug: string): boolean {
  return role !== EVERYONE && gateways?.includes(slug) === true;
}
