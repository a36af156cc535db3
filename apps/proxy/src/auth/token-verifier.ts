import { JWT_ALGORITHMS, type JwtAccess } from '@lethe/contracts';
import { upstreamUrlProblem, type UpstreamPolicy } from '@lethe/mcp';
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { tokenRoles } from './token-roles.js';

/** A `fetch` that reaches allowed addresses only. */
export type GuardedFetch = (url: string, options: RequestInit) => Promise<Response>;

/** Whom a token is for, and with which roles. */
export interface TokenSubject {
  readonly iss: string;
  readonly sub: string;
  readonly roles: readonly string[];
}

/** Why a token is not accepted. What its claims say is told only to who holds a token that the issuer signed. */
export type TokenProblem =
  | 'token_malformed'
  | 'token_signature'
  | 'token_expired'
  | 'token_too_early'
  | 'token_audience'
  | 'token_issuer'
  | 'token_incomplete'
  | 'issuer_unreachable';

const KNOWN: ReadonlySet<string> = new Set(JWT_ALGORITHMS);
const FETCH_TIMEOUT_MS = 5_000;
const COOLDOWN_MS = 30_000;

/**
 * Verifies callers' JWTs with the keys of their issuer, fetched with the same address checks as any upstream request.
 */
export class TokenVerifier {
  private readonly keySets = new Map<string, JWTVerifyGetKey>();

  constructor(
    private readonly fetch: GuardedFetch,
    private readonly policy: UpstreamPolicy,
  ) {}

  /** Issuer, subject and roles, or why the token is not valid. */
  async verify(token: string, access: JwtAccess, now: Date): Promise<TokenSubject | TokenProblem> {
    const algorithms = access.algorithms.filter((algorithm) => KNOWN.has(algorithm));
    const keys = this.keysOf(access.jwksUri);
    if (algorithms.length === 0 || !keys) return 'issuer_unreachable';
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: access.issuer,
        audience: access.audience,
        algorithms,
        currentDate: now,
        requiredClaims: ['exp', 'sub'],
      });
      const roles = access.roles ? tokenRoles(payload, access.roles) : [];
      return payload.sub ? { iss: access.issuer, sub: payload.sub, roles } : 'token_incomplete';
    } catch (error) {
      return problemOf(error);
    }
  }

  private keysOf(jwksUri: string): JWTVerifyGetKey | undefined {
    const known = this.keySets.get(jwksUri);
    if (known || upstreamUrlProblem(jwksUri, this.policy)) return known;
    const keys = createRemoteJWKSet(new URL(jwksUri), {
      timeoutDuration: FETCH_TIMEOUT_MS,
      cooldownDuration: COOLDOWN_MS,
      [customFetch]: this.fetch,
    });
    this.keySets.set(jwksUri, keys);
    return keys;
  }
}

const MALFORMED = [errors.JWSInvalid, errors.JWTInvalid];
const NOT_SIGNED = [
  errors.JWSSignatureVerificationFailed,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
];

/** `jwtVerify` checks the form first, then the signature, then the claims. */
function problemOf(error: unknown): TokenProblem {
  if (error instanceof errors.JWTExpired) return 'token_expired';
  if (error instanceof errors.JWTClaimValidationFailed) return claimProblem(error);
  if (MALFORMED.some((kind) => error instanceof kind)) return 'token_malformed';
  return NOT_SIGNED.some((kind) => error instanceof kind) ? 'token_signature' : 'issuer_unreachable';
}

function claimProblem({ claim }: errors.JWTClaimValidationFailed): TokenProblem {
  if (claim === 'aud') return 'token_audience';
  if (claim === 'iss') return 'token_issuer';
  return claim === 'nbf' ? 'token_too_early' : 'token_incomplete';
}
