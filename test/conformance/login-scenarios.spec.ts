import { Client, extractWWWAuthenticateParams, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import { CliError } from '../../apps/cli/src/errors/cli.error.js';
import { MemoryLoginStore } from '../../apps/cli/src/token-store/login-store.js';
import { verifies } from '../requirements.js';
import { failuresOf } from './harness.js';
import { playClient, type Scene } from './harness-upstream.js';
import { Person } from './person.js';
import { scoredScenarios } from './requirement-sets.js';

const MOST_LOGINS = 3;

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
  const person = new Person(scene, new MemoryLoginStore());
  let lacks: { scope?: string | undefined } | undefined = {};
  for (let logins = 0; lacks && logins < MOST_LOGINS; logins += 1) {
    lacks = await useTools(scene.url, await person.logIn(lacks.scope));
  }
}

/** Signs each request as the bridge does, and once more with the nonce that the server asks for. */
async function playBound(scene: Scene): Promise<void> {
  const person = new Person(scene, new MemoryLoginStore(), true);
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
