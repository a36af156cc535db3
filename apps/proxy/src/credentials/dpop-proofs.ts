import { isDpopNonce, isObject, parseJson } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { RequestHeaders } from '../http/request/request-headers.js';
import type { PassthroughHeader } from '../routes/table/passthrough-headers.js';

/** One client request can mean several to its upstream, such as the pages of a list. */
const MAX_PROOFS = 16;
/** A JWS in compact serialization (RFC 7515, section 7.1). */
const COMPACT_JWS = /^[\w-]+\.([\w-]+)\.[\w-]+$/;

/** By request: whoever selects credentials for another part of it gets what is left. */
const known = new WeakMap<RequestHeaders, Map<string, DpopProofs>>();

/**
 * The proofs of possession that a caller sent with one request for one gateway, separated by commas. Each is for one request to
 * the upstream, byte for byte, and for its HTTP method. Lethe can't make any: the key is the caller's.
 * https://www.rfc-editor.org/rfc/rfc9449#name-dpop-proof-jwts
 */
export class DpopProofs {
  private readonly used = new AbortController();

  private constructor(
    readonly source: PassthroughHeader,
    private readonly gateway: string,
    private readonly byMethod: ReadonlyMap<string, string[]>,
    private readonly request: RequestHeaders,
  ) {}

  /** @throws LetheError `credential_malformed` */
  static of(request: RequestHeaders, source: PassthroughHeader, value: string, gateway: string): DpopProofs {
    const ofRequest = known.get(request) ?? new Map<string, DpopProofs>();
    known.set(request, ofRequest);
    const found = ofRequest.get(source.exact);
    if (found) return found;
    const proofs = new DpopProofs(source, gateway, proofsIn(value, source, gateway), request);
    ofRequest.set(source.exact, proofs);
    return proofs;
  }

  /** Aborts when a request needed one more of a kind that there was: the client has to send new ones. */
  get ended(): AbortSignal {
    return this.used.signal;
  }

  /**
   * The proof for one request. It is never sent again.
   * @throws LetheError `dpop_proofs_used_up`, before anything is sent
   */
  take(method: string): string {
    const left = this.byMethod.get(method);
    const proof = left?.shift();
    if (proof !== undefined) return proof;
    if (left) this.used.abort();
    throw new LetheError('dpop_proofs_used_up', { gateway: this.gateway, header: this.source.exactName, method });
  }

  /** Tells the client which nonce its next proofs need, as far as the head of the response is not sent. */
  noteNonce(status: number, nonce: string | string[] | undefined): void {
    if (typeof nonce !== 'string' || !isDpopNonce(nonce)) return;
    this.request.reply?.setHeaders({ [`${this.source.exact}-nonce`]: status === 401 ? `${nonce} required` : nonce });
  }
}

function proofsIn(value: string, source: PassthroughHeader, gateway: string): Map<string, string[]> {
  const proofs = value.split(',').map((proof) => proof.trim());
  const byMethod = new Map<string, string[]>();
  for (const proof of proofs) {
    const method = methodOf(proof);
    if (method === undefined || proofs.length > MAX_PROOFS) {
      throw new LetheError('credential_malformed', { gateway, header: source.exactName, rule: 'dpop_proofs' });
    }
    byMethod.set(method, [...(byMethod.get(method) ?? []), proof]);
  }
  return byMethod;
}

/** The rest of a proof is for the upstream to check. */
function methodOf(proof: string): string | undefined {
  const [, payload] = COMPACT_JWS.exec(proof) ?? [];
  const claims = payload === undefined ? undefined : parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
  const method = isObject(claims) ? claims['htm'] : undefined;
  return typeof method === 'string' ? method : undefined;
}
