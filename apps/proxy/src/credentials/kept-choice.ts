import { LetheError } from '@lethe/platform';
import type { Caller } from '../auth/authenticator.js';
import type { RequestHeaders } from '../http/request/request-headers.js';
import type { Gateway } from '../routes/table/gateway.js';
import type { ExposedItem } from '../routes/table/item-list.js';
import type { KeptUse } from '../routes/table/kept-gateways.js';
import type { KeptParts } from '../routes/table/kept-parts.js';
import type { PassthroughHeader } from '../routes/table/passthrough-headers.js';

/** Who calls what. */
interface KeptAccess {
  readonly caller: Caller;
  readonly gateway: Gateway;
  /** Undefined for anything but a call of an item. */
  readonly item: ExposedItem | undefined;
}

/**
 * What a request has in the place of the caller's own credential: the kept one, or undefined for the caller's own. The two are
 * never mixed. What the caller sends decides alone, unless only the kept one may be used.
 * @throws LetheError `kept_credential_only`, `kept_not_granted`, `gateway_unavailable`
 */
export function keptFor({ use, held }: KeptUse, headers: RequestHeaders, access: KeptAccess): KeptParts | undefined {
  const { gateway, caller, item } = access;
  const sent = gateway.passthroughHeaders.find((source) => isSent(source, headers));
  if (sent && use === 'callers-then-kept') return undefined;
  if (sent) throw new LetheError('kept_credential_only', { gateway: gateway.slug, header: sent.exactName });
  if (!caller.server.grantsKept(gateway, item)) {
    if (use === 'callers-then-kept') return undefined;
    throw new LetheError('kept_not_granted', { gateway: gateway.slug });
  }
  const now = Date.now();
  const parts = held.parts(now);
  if (!parts) throw new LetheError('gateway_unavailable', { gateway: gateway.slug, ...held.missing(now) });
  return parts;
}

function isSent({ exact, short }: PassthroughHeader, headers: RequestHeaders): boolean {
  return headers.get(exact) !== undefined || (short !== undefined && headers.get(short) !== undefined);
}
