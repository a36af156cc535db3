import type { JsonObject } from '@lethe/contracts';
import type { LetheError } from '@lethe/platform';
import type { VirtualServer } from '../routes/table/virtual-server.js';
import { toldError } from './errors.js';

/** Member of `_meta` that names the gateways which a list, or the acknowledgement of a subscription, leaves out. */
export const OMITTED_META = 'lethe/leftOut';

/** A gateway that is left out, and why: what the error's `data` would have, and its message. */
export function omissionOf(gateway: string, error: LetheError, server: VirtualServer): JsonObject {
  return { gateway, ...toldError(error, server) };
}
