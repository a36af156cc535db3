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
export function keptFor(
  { use, held, onRejected }: KeptUse,
  headers: RequestHeaders,
  access: KeptAccess,
): KeptCredential | undefined {
  const { gateway, caller, item } = access;
  const sent = gateway.passthroughHeaders.find((source) => isSent(source, headers));
  if (sent && use === 'callers-then-kept') return undefined;
  if (sent) throw new LetheError('kept_credential_only', { gateway: gateway.slug, header: sent.exactName });
  if (!caller.server.grantsKept(gateway, item)) {
    if (use === 'callers-then-kept') return undefined;
    throw new LetheError('kept_not_granted', { gateway: gateway.slug });
  }
  const credential = new KeptCredential(gateway, held, onRejected);
  credential.parts();
  return credential;
}

/** The kept credential of a gateway, for one request of a client and all that is sent for it. */
export class KeptCredential {
  /** Aborts when nothing is kept any more, for what stays open. */
  readonly ended: AbortSignal | undefined;
  private sent: KeptParts | undefined;

  constructor(
    private readonly gateway: Gateway,
    private readonly held: KeptUse['held'],
    private readonly onRejected: KeptUse['onRejected'],
  ) {
    this.ended = held?.ended;
  }

  /**
   * What it adds to a request that is sent now. A request that comes late, such as one to connect again, has the one that is kept then.
   * @throws LetheError `gateway_unavailable`
   */
  parts(): KeptParts {
    const parts = this.held?.parts(Date.now());
    if (!parts) throw new LetheError('gateway_unavailable', { gateway: this.gateway.slug, why: 'kept_credential' });
    this.sent = parts;
    return parts;
  }

  /** The upstream says that it is not valid. One that was replaced meanwhile is nobody's business any more. */
  rejected(): void {
    const revision = this.sent && this.held?.revisionOf(this.sent);
    if (revision !== undefined) this.onRejected(revision);
  }
}

function isSent({ exact, short }: PassthroughHeader, headers: RequestHeaders): boolean {
  return headers.get(exact) !== undefined || (short !== undefined && headers.get(short) !== undefined);
}
