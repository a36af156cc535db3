import type { DpopSession } from '@modelcontextprotocol/client';
import type { DpopKey } from '../token-store/login-record.js';

/** Which proofs of possession are wanted. */
export interface ProofWish {
  /** URL of the upstream's endpoint. */
  url: string;
  /** HTTP method of each. */
  methods: readonly string[];
  /** The newest that the upstream gave. */
  nonce?: string | undefined;
}

/** Signs proofs for the upstreams (RFC 9449, section 4). Only the refresher has the keys. */
export class ProofSigner {
  private readonly sessions = new Map<string, Promise<DpopSession>>();

  /** Each is of this moment, and of this token. */
  async sign(key: DpopKey, accessToken: string, { url, methods, nonce }: ProofWish): Promise<string[]> {
    const opened = this.sessions.get(key.x) ?? open(key);
    this.sessions.set(key.x, opened);
    const session = await opened;
    if (nonce !== undefined) session.rememberNonce(url, nonce);
    return Promise.all(methods.map((htm) => session.buildProof({ htm, htu: url, accessToken })));
  }
}

/** The library is large, and most logins have no key. */
async function open(key: DpopKey): Promise<DpopSession> {
  const { dpopSession } = await import('../oauth/dpop-key.js');
  return dpopSession(key);
}
