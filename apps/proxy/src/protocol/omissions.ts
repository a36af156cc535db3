import type { JsonObject } from '@lethe/contracts';
import type { LetheError } from '@lethe/platform';

/** Member of `_meta` that names the gateways which a list, or the acknowledgement of a subscription, leaves out. */
export const OMITTED_META = 'lethe/leftOut';

/** A gateway that is left out, and why. */
export function omissionOf(gateway: string, { code, detail }: LetheError): JsonObject {
  const { why, retryAfterSeconds } = detail;
  return {
    gateway,
    reason: code,
    ...(typeof why === 'string' && { why }),
    ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }),
  };
}
