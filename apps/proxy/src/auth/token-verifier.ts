import { JWT_ALGORITHMS, type ServerAccess } from '@lethe/contracts';
import { upstreamUrlProblem, type UpstreamPolicy } from '@lethe/mcp';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey, jwtVerify } from 'jose';

/** The access setting of a virtual server whose callers send JWTs. */
export type TokenAccess = Extract<ServerAccess, { kind: 'jwt' }>;
/** A `fetch` that reaches allowed addresses only. */
export type GuardedFetch = (url: string, options: RequestInit) => Promise<Response>;

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

  /** Issuer and subject; undefined when the token is not valid. */
  async verify(token: string, access: TokenAccess, now: Date): Promise<{ iss: string; sub: string } | undefined> {
    const algorithms = access.algorithms.filter((algorithm) => KNOWN.has(algorithm));
    const keys = this.keysOf(access.jwksUri);
    if (algorithms.length === 0 || !keys) return undefined;
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: access.issuer,
        audience: access.audience,
        algorithms,
        currentDate: now,
        requiredClaims: ['exp', 'sub'],
      });
      return payload.sub ? { iss: access.issuer, sub: payload.sub } : undefined;
    } catch {
      return undefined;
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
