import { Client, extractWWWAuthenticateParams, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import { CliError } from '../../apps/cli/src/errors/cli.error.js';
import { logIn } from '../../apps/cli/src/login/log-in.js';
import { logOut } from '../../apps/cli/src/login/log-out.js';
import { directFetch } from '../../apps/cli/src/mcp/direct-fetch.js';
import { secureFetch } from '../../apps/cli/src/oauth/secure-fetch.js';
import { AccessTokens } from '../../apps/cli/src/refresher/access-tokens.js';
import { MemoryLoginStore } from '../../apps/cli/src/token-store/login-store.js';
import { verifies } from '../requirements.js';
import { Browser } from '../support/login/browser.js';
import { failuresOf } from './harness.js';
import { playClient, type Scene } from './harness-upstream.js';
import { scoredScenarios } from './requirement-sets.js';

/** The client that the harness knows by this document. */
const DOCUMENT = 'https://conformance-test.local/client-metadata.json';
const MOST_LOGINS = 3;

/** A person who logs in at the harness's server, and does so again when their token is not enough any more. */
class Person {
  private readonly store = new MemoryLoginStore();
  private readonly fetch = secureFetch(directFetch);
  private readonly tokens = new AccessTokens(this.store, this.fetch);

  constructor(
    private readonly scene: Scene,
    private readonly isBound = false,
  ) {}

  /** What the bridge sends for a token that is bound to a key. */
  async signed(method: string, nonce: string | undefined): Promise<Record<string, string>> {
    const { url } = this.scene;
    const wish = { ...this.target(), proofs: { url, methods: [method], nonce } };
    const { accessToken, proofs = [] } = await this.tokens.tokenFor(wish);
    return { authorization: `DPoP ${accessToken}`, dpop: proofs.join() };
  }

  private target() {
    const { isBound, scene } = this;
    return { server: 'https://lethe.example/servers/s/mcp', gateway: 'g', origin: new URL(scene.url).origin, isBound };
  }

  async logIn(scope: string | undefined): Promise<string> {
    const { url, context } = this.scene;
    const { client_id: id, client_secret: secret } = context;
    const target = this.target();
    const client = typeof id === 'string' ? { clientId: id, clientSecret: String(secret) } : undefined;
    const choices = { isDevice: false, mayShare: false, upstream: url, scope, client, clientMetadataUrl: DOCUMENT };
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
}

/** Lists and calls tools with one token. Returns what the server says it lacks. */
async function useTools(url: string, token: string): Promise<{ scope?: string | undefined } | undefined> {
  let challenge: { scope?: string | undefined } | undefined;
  const watching = async (input: string | URL, init?: RequestInit): Promise<Response> => {
    const response = await fetch(input, init);
    if ([401, 403].includes(response.status)) challenge = extractWWWAuthenticateParams(response);
    return response;
  };
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  const client = new Client({ name: 'lethe', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { fetch: watching, requestInit }));
    const [first] = (await client.listTools()).tools;
    if (first) await client.callTool({ name: first.name, arguments: {} });
    return undefined;
  } catch (error) {
    if (challenge === undefined) throw error;
    return challenge;
  } finally {
    await client.close();
  }
}

async function play(scene: Scene): Promise<void> {
  const person = new Person(scene);
  let lacks: { scope?: string | undefined } | undefined = {};
  for (let logins = 0; lacks && logins < MOST_LOGINS; logins += 1) {
    lacks = await useTools(scene.url, await person.logIn(lacks.scope));
  }
}

/** Signs each request as the bridge does, and once more with the nonce that the server asks for. */
async function playBound(scene: Scene): Promise<void> {
  const person = new Person(scene, true);
  await person.logIn(undefined);
  let nonce: string | undefined;
  const signing = async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    for (let attempt = 1; ; attempt += 1) {
      const headers = new Headers(init.headers);
      for (const [name, value] of Object.entries(await person.signed(init.method ?? 'GET', nonce))) headers.set(name, value);
      const response = await fetch(input, { ...init, headers });
      nonce = response.headers.get('dpop-nonce') ?? nonce;
      if (response.status !== 401 || attempt > 1) return response;
    }
  };
  const client = new Client({ name: 'lethe', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(scene.url), { fetch: signing }));
  const [first] = (await client.listTools()).tools;
  if (first) await client.callTool({ name: first.name, arguments: {} });
  await client.close();
} // prettier-ignore

// The other scenarios are about what Lethe relays; these are about the person's own machine, so Lethe is not between.
describe.each(['2025-11-25', '2026-07-28'] as const)('logins in the client scenarios of %s', (revision) => {
  const scenarios = scoredScenarios(revision, 'client').filter((scenario) => scenario.startsWith('auth/'));

  it.each(scenarios)('pass %s', async (scenario) => {
    verifies('login.conformance');
    const run = await playClient(scenario, revision, (scene) =>
      play(scene).catch((error: unknown) => {
        // Many scenarios want the client to stop; the harness says whether it should have.
        if (!(error instanceof CliError)) throw error;
      }),
    );
    const failures = failuresOf(run, scenario);
    expect(failures, failures).toBe('');
  });

  it('are all of them', () => {
    expect(scenarios.length).toBeGreaterThan(13);
  });
});

it.each(['auth/dpop', 'auth/dpop-nonce'])('a login that is bound to a key passes %s', async (scenario) => {
  verifies('dpop.bridge');
  const failures = failuresOf(await playClient(scenario, undefined, playBound), scenario);
  expect(failures, failures).toBe('');
});
