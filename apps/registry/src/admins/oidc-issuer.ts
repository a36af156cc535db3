import { type GuardedFetch } from '@lethe/egress';

/** The part of an issuer's metadata that is read (OpenID Connect Discovery 1.0, section 3). */
interface Metadata {
  issuer: string;
  jwksUri: string;
}

const FRESH_MS = 3_600_000;
/** While the issuer can't be reached, it is asked only so often. */
const RETRY_MS = 5_000;
const FETCH_TIMEOUT_MS = 5_000;

/** Finds the key set of an issuer. What was found stays in use while the issuer can't be reached. */
export class OidcIssuer {
  private known: Metadata | undefined;
  private nextMs = 0;
  private running: Promise<void> | undefined;

  constructor(
    readonly issuer: string,
    private readonly fetch: GuardedFetch,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Undefined as long as the issuer was never reached. */
  async jwksUri(nowMs: number): Promise<string | undefined> {
    if (nowMs >= this.nextMs) {
      this.running ??= this.discover(nowMs).finally(() => (this.running = undefined));
      await this.running;
    } else if (this.known === undefined) await this.running;
    return this.known?.jwksUri;
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
  private async read(): Promise<Metadata> {
    const url = `${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await this.fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (!response.ok) throw new Error('The metadata of the issuer can not be read');
    const document: unknown = await response.json();
    const { issuer, jwks_uri: jwksUri } = Object(document) as { issuer?: unknown; jwks_uri?: unknown };
    if (issuer !== this.issuer) throw new Error('The metadata names another issuer');
    if (typeof jwksUri !== 'string' || !URL.canParse(jwksUri)) throw new Error('The metadata names no key set');
    return { issuer, jwksUri };
  }
}
