import { type GuardedFetch } from '@lethe/egress';

/** The part of an issuer's metadata that is read (OpenID Connect Discovery 1.0, section 3). */
export interface IssuerMetadata {
  issuer: string;
  jwksUri: string;
  /** Where a browser is sent to sign in, and where a code is exchanged; undefined unless both are http or https URLs. */
  endpoints: { authorization: string; token: string } | undefined;
  /** Whether the answer of a sign-in names the issuer (RFC 9207, section 3). */
  namesItself: boolean;
  /** Algorithms with which ID tokens may be signed. */
  idTokenAlgorithms: string[];
}

const FRESH_MS = 3_600_000;
/** While the issuer can't be reached, it is asked only so often. */
const RETRY_MS = 5_000;
const FETCH_TIMEOUT_MS = 5_000;

/** Finds the key set and the endpoints of an issuer. What was found stays in use while the issuer can't be reached. */
export class OidcIssuer {
  private known: IssuerMetadata | undefined;
  private nextMs = 0;
  private running: Promise<void> | undefined;

  constructor(
    readonly issuer: string,
    private readonly fetch: GuardedFetch,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Undefined as long as the issuer was never reached. */
  async metadata(nowMs: number): Promise<IssuerMetadata | undefined> {
    if (nowMs >= this.nextMs) {
      this.running ??= this.discover(nowMs).finally(() => (this.running = undefined));
      await this.running;
    } else if (this.known === undefined) await this.running;
    return this.known;
  }

  private async discover(nowMs: number): Promise<void> {
    try {
      this.known = await this.read();
      this.nextMs = nowMs + FRESH_MS;
    } catch (error) {
      this.nextMs = nowMs + RETRY_MS;
      this.onFailure(error);
    }
  }

  /** OpenID Connect Discovery 1.0, sections 4.1 and 4.3. */
  private async read(): Promise<IssuerMetadata> {
    const url = `${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await this.fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (!response.ok) throw new Error('The metadata of the issuer can not be read');
    const document: unknown = await response.json();
    return toMetadata(this.issuer, new Map<string, unknown>(isObject(document) ? Object.entries(document) : []));
  }
}

function toMetadata(issuer: string, document: ReadonlyMap<string, unknown>): IssuerMetadata {
  const jwksUri = document.get('jwks_uri');
  if (document.get('issuer') !== issuer) throw new Error('The metadata names another issuer');
  if (typeof jwksUri !== 'string' || !URL.canParse(jwksUri)) throw new Error('The metadata names no key set');
  const [authorization, token] = ['authorization_endpoint', 'token_endpoint'].map((name) => document.get(name));
  const algorithms = document.get('id_token_signing_alg_values_supported');
  return {
    issuer,
    jwksUri,
    endpoints: isHttpUrl(authorization) && isHttpUrl(token) ? { authorization, token } : undefined,
    namesItself: document.get('authorization_response_iss_parameter_supported') === true,
    idTokenAlgorithms: Array.isArray(algorithms) ? algorithms.filter((each) => typeof each === 'string') : ['RS256'],
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A page is sent there: another scheme would run in it as a script. */
function isHttpUrl(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
