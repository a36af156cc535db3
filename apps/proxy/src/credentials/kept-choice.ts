import { LetheError } from '@lethe/platform';
import type { Caller } from '../auth/authenticator.js';
import type { RequestHeaders } from '../http/request/request-headers.js';
import type { Gateway } from '../routes/table/gateway.js';
import type { ExposedItem } from '../routes/table/item-list.js';
import type { KeptUse } from '../routes/table/kept-gateways.js';
import type { KeptParts } from '../routes/table/kept-parts.js';
import { NOTHING_HELD } from '../routes/table/kept-source.js';
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
export function keptFor(kept: KeptUse, headers: RequestHeaders, access: KeptAccess): KeptCredential | undefined {
  const { use } = kept;
  const { gateway, caller, item } = access;
  const sent = gateway.passthroughHeaders.find((source) => isSent(source, headers));
  if (sent && use === 'callers-then-kept') return undefined;
  if (sent) throw new LetheError('kept_credential_only', { gateway: gateway.slug, header: sent.exactName });
  if (!caller.server.grantsKept(gateway, item)) {
    if (use === 'callers-then-kept') return undefined;
    throw new LetheError('kept_not_granted', { gateway: gateway.slug });
  }
  const credential = new KeptCredential(gateway, kept);
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
    private readonly kept: KeptUse,
  ) {
    this.ended = kept.held?.ended;
  }

  /**
   * What it adds to a request that is sent now. A request that comes late, such as one to connect again, has what is kept then.
   * @throws LetheError `gateway_unavailable`
   */
  parts(): KeptParts {
    const parts = this.kept.held?.parts(Date.now());
    if (!parts) throw this.missing();
    this.sent = parts;
    return parts;
  }

  /** The error for calls while there is nothing to send. */
  missing(): LetheError {
    const { held = NOTHING_HELD } = this.kept;
    return new LetheError('gateway_unavailable', { gateway: this.gateway.slug, ...held.missing(Date.now()) });
  }

  /**
   * The upstream says that it is not valid, which administrators are told. Returns whether another token takes its place soon.
   * One that was replaced meanwhile is nobody's business any more.
   */
  rejected(): boolean {
    const { held, onRejected } = this.kept;
    if (!held || !this.sent) return false;
    if (held.rejected(this.sent, Date.now())) return true;
    const revision = held.revisionOf(this.sent);
    if (revision !== undefined) onRejected(revision);
    return false;
  }
}

function isSent({ exact, short }: PassthroughHeader, headers: RequestHeaders): boolean {
  return headers.get(exact) !== undefined || (short !== undefined && headers.get(short) !== undefined);
}
