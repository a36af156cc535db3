import type { IncomingHttpHeaders } from 'node:http';
import { nameToSend, type NeededHeader } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { type LoginHeader, withToken } from '../login/login-headers.js';
import type { LoginTarget } from '../login/login-target.js';
import type { AccessToken, TokenWish } from '../refresher/access-tokens.js';
import { proofHeader, proofMethods, type RequestUse } from './proof-counts.js';

/** The headers of one request for one gateway, and the token that is in them. */
export interface SignedHeaders {
  readonly gateway: string;
  readonly token: string;
  /** In its proofs. */
  readonly nonce: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** What requests have for a gateway whose tokens are bound to a key: the token, and proofs of this moment (RFC 9449). */
export class BoundLogin {
  private constructor(
    private readonly target: LoginTarget,
    private readonly header: NeededHeader,
    private readonly proof: LoginHeader['proof'],
    private nonce: string | undefined,
  ) {}

  /** @param before of the same gateway; nonces are of its upstream */
  static of({ header, proof }: LoginHeader, target: LoginTarget, before: BoundLogin | undefined): BoundLogin {
    return new BoundLogin(target, header, proof, before?.proof?.url === proof?.url ? before?.nonce : undefined);
  }

  get gateway(): string {
    return this.target.gateway;
  }

  /** @throws CliError `proofs_impossible`; as `tokenFor` */
  async sign(tokenFor: (wish: TokenWish) => Promise<AccessToken>, use: RequestUse): Promise<SignedHeaders> {
    const { target, proof, nonce, header } = this;
    if (!proof) throw impossible(target);
    const proofs = { url: proof.url, methods: proofMethods(use, proof.isModern), nonce };
    const { accessToken: token, proofs: signed } = await tokenFor({ ...target, proofs });
    if (!signed) throw impossible(target);
    const headers = { ...withToken(header, token), [nameToSend(proof.header)]: proofHeader(signed) };
    return { gateway: target.gateway, token, nonce, headers };
  }

  /**
   * Takes over the nonce that the upstream gave (RFC 9449, section 9). Returns whether it refused a request for the lack of it.
   * @param sent the nonce in the proofs of that request
   */
  learn(headers: IncomingHttpHeaders, sent: string | undefined): boolean {
    const told = headers[`${this.proof?.header.exact.toLowerCase()}-nonce`];
    const [nonce, required] = typeof told === 'string' ? told.split(' ') : [];
    if (nonce === undefined) return false;
    this.nonce = nonce;
    return required !== undefined && nonce !== sent;
  }
}

function impossible({ gateway }: LoginTarget): CliError {
  return new CliError('refused', 'proofs_impossible', `Nothing can be signed for ${gateway}`, [
    'Lethe does not say where its requests go, or another lethe process, of an older version, has your logins: end that one.',
  ]);
}
