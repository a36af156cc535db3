import type { ErrorCode } from '@lethe/platform';
import type { ExposedItem } from '../routes/table/exposed-item.js';

/** What a list shows of gateways with `listing: live` to one caller, this once. */
export interface LiveList {
  /** True when the caller's own list, fetched just now, has the item as well. */
  shows(route: ExposedItem): boolean;
  /** Gateways whose list could not be had, by slug. Their items are left out. */
  readonly omitted: readonly { readonly gateway: string; readonly reason: ErrorCode }[];
  /** How long the upstreams let their lists be kept. */
  readonly ttlMs: number;
}

/** Member of `_meta` that marks an answer in which gateways are missing. */
export const OMITTED_META = 'lethe/leftOut';
