import { CliError } from '../../apps/cli/src/errors/cli.error.js';
import { logIn } from '../../apps/cli/src/login/log-in.js';
import { logOut } from '../../apps/cli/src/login/log-out.js';
import { directFetch } from '../../apps/cli/src/mcp/direct-fetch.js';
import { secureFetch } from '../../apps/cli/src/oauth/secure-fetch.js';
import { AccessTokens } from '../../apps/cli/src/refresher/access-tokens.js';
import type { LoginStore } from '../../apps/cli/src/token-store/login-store.js';
import { Browser } from '../support/login/browser.js';
import type { Scene } from './harness-upstream.js';

/** The client that the harness knows by this document. */
export const DOCUMENT = 'https://conformance-test.local/client-metadata.json';

/** A person who logs in at the harness's server, and does so again when their token is not enough any more. */
export class Person {
  private readonly fetch = secureFetch(directFetch);
  private readonly tokens: AccessTokens;

  constructor(
    private readonly scene: Scene,
    private readonly store: LoginStore,
    private readonly isBound = false,
  ) {
    this.tokens = new AccessTokens(store, this.fetch);
  }

  /** What the bridge sends for a token that is bound to a key. */
  async signed(method: string, nonce: string | undefined): Promise<Record<string, string>> {
    const { url } = this.scene;
    const wish = { ...this.target(), proofs: { url, methods: [method], nonce } };
    const { accessToken, proofs = [] } = await this.tokens.tokenFor(wish);
    return { authorization: `DPoP ${accessToken}`, dpop: proofs.join() };
  }

  /** Returns the access token. @throws CliError if the login stops */
  async logIn(scope?: string): Promise<string> {
    const { url, context } = this.scene;
    const { client_id: id, client_secret: secret } = context;
    const target = this.target();
    const clientId = typeof id === 'string' ? id : undefined;
    const clientSecret = typeof secret === 'string' ? secret : undefined;
    // Who has a client with a secret knows where it was registered.
    const issuer = clientId === undefined ? undefined : (await authorizationServerOf(url)).issuer;
    const own = { scope, clientId, clientSecret, issuer, clientMetadataUrl: DOCUMENT };
    const choices = { isDevice: false, mayShare: false, upstream: url, ...own };
    const screens = {
      firstUse: () => undefined,
      page: (page: string) => new Browser().open(page).then(() => undefined),
      code: () => undefined,
    };
    const { store, fetch } = this;
    const parts = { store, fetch, screens, signal: new AbortController().signal, isAlive: async () => true };
    const attempt = async () => (await logIn(target, choices, parts)).login.tokens.accessToken;
    return attempt().catch(async (error: unknown) => {
      if (!(error instanceof CliError) || error.code !== 'issuer_changed') throw error;
      // The person has asked, and it is right.
      await logOut({ ...target, forget: true }, store, fetch);
      return attempt();
    });
  }

  private target() {
    const { isBound, scene } = this;
    return { server: 'http://127.0.0.1/servers/s/mcp', gateway: 'g', origin: new URL(scene.url).origin, isBound };
  }
}

/** The authorization server that an upstream names. */
export async function authorizationServerOf(url: string): Promise<{ tokenUrl: string; issuer: string }> {
  const read = async (at: string) => (await (await fetch(at)).json()) as Record<string, unknown>;
  const { origin, pathname } = new URL(url);
  const { authorization_servers: servers } = await read(`${origin}/.well-known/oauth-protected-resource${pathname}`);
  const issuer = Array.isArray(servers) ? String(servers[0]) : '';
  const { token_endpoint: tokenUrl } = await read(`${issuer}/.well-known/oauth-authorization-server`);
  return { tokenUrl: String(tokenUrl), issuer };
}
