import { JWT_ALGORITHMS } from '@lethe/contracts';
import { upstreamUrlProblem, type UpstreamPolicy } from '@lethe/mcp';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';

/** Whose tokens are accepted. */
export interface AcceptedTokens {
  issuer: string;
  audience: string;
  jwksUri: string;
  algorithms: readonly string[];
}

/** What a valid token says. */
export type TokenClaims = JWTPayload & { sub: string; exp: number };

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

/** How a verifier fetches keys and reads times. */
export interface JwtOptions {
  /** How long after a fetch the keys are not fetched again for a token with an unknown key. */
  cooldownMs?: number;
  /** How far the clocks of issuer and verifier may differ. */
  clockToleranceSeconds?: number;
}

const KNOWN: ReadonlySet<string> = new Set(JWT_ALGORITHMS);
const FETCH_TIMEOUT_MS = 5_000;
const COOLDOWN_MS = 30_000;

/** Verifies JWTs with the keys of their issuer, which are fetched with the same address checks as any upstream request. */
export class JwtVerifier {
  private readonly keySets = new Map<string, JWTVerifyGetKey>();

  constructor(
    private readonly fetch: (url: string, options: RequestInit) => Promise<Response>,
    private readonly policy: UpstreamPolicy,
    private readonly options: JwtOptions = {},
  ) {}

  /** What the token says, or why it is not valid. */
  async verify(token: string, accepted: AcceptedTokens, now: Date): Promise<TokenClaims | TokenProblem> {
    const algorithms = accepted.algorithms.filter((algorithm) => KNOWN.has(algorithm));
    const keys = this.keysOf(accepted.jwksUri);
    if (algorithms.length === 0 || !keys) return 'issuer_unreachable';
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: accepted.issuer,
        audience: accepted.audience,
        algorithms,
        currentDate: now,
        clockTolerance: this.options.clockToleranceSeconds ?? 0,
        requiredClaims: ['exp', 'sub'],
      });
      return hasSubject(payload) ? payload : 'token_incomplete';
    } catch (error) {
      return problemOf(error);
    }
  }

  private keysOf(jwksUri: string): JWTVerifyGetKey | undefined {
    const known = this.keySets.get(jwksUri);
    if (known || upstreamUrlProblem(jwksUri, this.policy)) return known;
    const keys = createRemoteJWKSet(new URL(jwksUri), {
      timeoutDuration: FETCH_TIMEOUT_MS,
      cooldownDuration: this.options.cooldownMs ?? COOLDOWN_MS,
      [customFetch]: this.fetch,
    });
    this.keySets.set(jwksUri, keys);
    return keys;
  }
}

function hasSubject(payload: JWTPayload): payload is TokenClaims {
  return typeof payload.sub === 'string' && payload.sub !== '' && payload.exp !== undefined;
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
