import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Credential, JsonObject, ReceiptClaims, SlotOfferClaims } from '@lethe/contracts';
import {
  generateSlotKey,
  initTrust,
  loadTrust,
  openCredential,
  rotateTrust,
  type SlotKey,
  type Trust,
} from '@lethe/sealing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { verifies } from '@test/requirements.js';
import { testTrust } from '@test/support/trust.js';
import { runCli } from './run-cli.js';

const URL = 'https://mcp.example.com/mcp';
const TOKEN_URL = 'https://auth.example.com/token';
const TOKEN = 'correct-horse-battery-staple';
const GATEWAY = {
  id: randomUUID(),
  name: 'Example',
  slug: 'example',
  url: URL,
  state: 'unverified',
  passthroughHeaders: [{ header: 'Authorization', required: true }],
};
const MAPPINGS = z.object({ passthroughHeaders: z.array(z.unknown()) });
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/**
 * A registry with one gateway and one connector, which only has the right shapes. Errors are tested with the real
 * one.
 */
class ScriptedRegistry {
  readonly requests: string[] = [];
  readonly bodies: string[] = [];
  opened: Credential | undefined;
  offerChanges: Partial<SlotOfferClaims> = {};
  receiptUrl = URL;
  outcome: 'verified' | 'failed' = 'verified';
  found: Partial<ReceiptClaims> = {};
  warnings: JsonObject[] = [];
  failure: JsonObject = { code: 'credential_rejected', httpStatus: 401 };
  /** What is different of the first gateway in the list. */
  listed: object = { url: 'https://mcp.example.com/another' };
  serverWarnings: object[] = [];
  /** Id of the result that waits for a review. */
  waiting: string | undefined;
  hidesServers = false;
  /** What changes are answered with, beside the body. */
  headers: Record<string, string> = { 'preference-applied': 'wait=5' };
  mappings: object[] = [{ header: 'Authorization', required: true }];
  gatewayState = 'verified';
  keepsGateways = false;
  /** The end of the verification waits for it. */
  isSlowUntil: Promise<unknown> = Promise.resolve();
  private vid = '';
  url = '';
  private constructor(
    private readonly server: Server,
    public trust: Trust,
    private readonly slot: SlotKey,
  ) {}

  static async start(trust: Trust): Promise<ScriptedRegistry> {
    const server = createServer();
    const registry = new ScriptedRegistry(server, trust, await generateSlotKey());
    server.on('request', (request, response) => {
      void registry.answer(request).then(([status, body]) => {
        response
          .writeHead(status, { 'content-type': 'application/json', ...registry.headers })
          .end(JSON.stringify(body));
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    registry.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return registry;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage): Promise<[number, object]> {
    const route = `${request.method} ${(request.url ?? '').replace('/v1', '').replaceAll(/[0-9a-f-]{36}/g, ':id')}`;
    const body = await text(request);
    this.requests.push(`${route} ${request.headers['content-type'] ?? '-'}`);
    this.bodies.push(body);
    if (request.headers.authorization !== 'Bearer admin')
      return [401, { code: 'unauthenticated', title: 'Who are you?' }];
    if (route.startsWith('PUT')) return this.open(body);
    const answers: Record<string, () => Promise<[number, object]>> = {
      'POST /gateways': async () => [201, { ...GATEWAY, ...MAPPINGS.parse(JSON.parse(body)) }],
      'DELETE /gateways/:id': async () => (this.keepsGateways ? [503, { code: 'unavailable' }] : [204, {}]),
      'GET /gateways/example': async () => [
        200,
        {
          ...GATEWAY,
          state: this.gatewayState,
          passthroughHeaders: this.mappings,
          ...(this.waiting !== undefined && { reviewVerification: this.waiting }),
        },
      ],
      'GET /connectors': async () => [200, { items: this.trust.identities('connector') }],
      'POST /gateways/:id/verifications': () => this.reserve(),
      'GET /gateways/:id/verifications/:id': () => this.finished(),
      'POST /gateways/:id/verifications/:id/cancel': async () => [200, this.view('cancelled', {})],
      'POST /servers': async () => [201, { ...serverView(), warnings: this.serverWarnings }],
      'POST /keys': async () => [201, { id: 'k', key: 'lethe_key_k_s' }],
      'GET /gateways': async () => [200, { items: [{ ...GATEWAY, ...this.listed }], nextCursor: 'two' }],
      'GET /gateways?cursor=two': async () => [200, { items: [{ ...GATEWAY, ...this.listed, slug: 'two\u001b[2J' }] }],
      'POST /gateways/:id/verifications/:id/apply': async () => [200, this.view('verified', {})],
      'GET /servers': async () =>
        this.hidesServers ? [503, { code: 'unavailable' }] : [200, { items: [serverView()] }],
      'GET /servers/all': async () => [200, serverView()],
      'PATCH /servers/s': async () => [200, serverView()],
      'DELETE /gateways/:id?force=true': async () => [204, {}],
      'DELETE /servers/s': async () => [204, {}],
    };
    return (
      (await answers[route]?.()) ?? [
        404,
        {
          code: 'not_found',
          title: 'The requested resource does not exist',
          hint: 'gone',
          errors: [{ field: 'id', rule: 'slug' }],
        },
      ]
    );
  }

  private async reserve(): Promise<[number, object]> {
    this.vid = randomUUID();
    const ids = { connector: 'c1', slot: 's1', gatewayId: GATEWAY.id, vid: this.vid };
    const key = { kid: this.slot.kid, jwk: this.slot.publicJwk };
    const claims = { ...ids, ...key, aud: URL, exp: nowSeconds() + 60, ...this.offerChanges };
    const offer = await this.trust.connectorSigner().sign('slotOffer', claims, new Date());
    return [201, this.view('awaiting_credential', { slot: { offer, doorUrl: null } })];
  }

  private async open(sealed: string): Promise<[number, object]> {
    this.opened = await openCredential(sealed, this.slot, { aud: URL, vid: this.vid, nowSeconds: nowSeconds() });
    return [202, {}];
  }

  private async finished(): Promise<[number, object]> {
    await this.isSlowUntil;
    const at = new Date().toISOString();
    const order = {
      vid: this.vid,
      gatewayId: GATEWAY.id,
      slug: 'example',
      url: this.receiptUrl,
      transport: 'auto' as const,
    };
    const claims: ReceiptClaims = {
      order: { ...order, mappings: [], configRevision: 1, attempt: 1 },
      outcome: this.outcome,
      connector: 'c1',
      slot: 's1',
      origins: ['https://mcp.example.com'],
      requests: 6,
      startedAt: at,
      finishedAt: at,
      slotEnd: { how: 'exited', at },
      counts: { tools: 2, resources: 0, resourceTemplates: 0, prompts: 1, skipped: 0 },
      ...this.found,
    };
    const receipt = await this.trust.connectorSigner().sign('receipt', claims, new Date());
    const code: JsonObject = this.outcome === 'failed' ? this.failure : {};
    return [200, this.view(this.outcome, { receipt, ...code, warnings: this.warnings })];
  }

  private view(state: string, more: JsonObject): object {
    return { id: this.vid, gatewayId: GATEWAY.id, attempt: 1, state, ...more };
  }
}

function serverView(): object {
  const members = { include: [{ gateway: 'example' }], items: [], eras: 'auto' };
  const head = { ...members, id: 's', name: 'all', slug: 'all', path: '/servers/all/mcp', access: 'key' };
  const exposed = ['echo', 'add'].map((own) => ({ kind: 'tool', exposed: own, gateway: 'example', own }));
  return { ...head, shortForm: { Authorization: GATEWAY.id }, exposed, leftOut: [] };
}

let dir: string;
let trust: Trust;
let registry: ScriptedRegistry;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lethe-cli-'));
  trust = testTrust();
  registry = await ScriptedRegistry.start(trust);
});
afterEach(async () => {
  registry.stop();
  await rm(dir, { recursive: true });
});

interface Run {
  code: number;
  out: string;
  err: string;
}

/** Runs the command. `typed` is standard input, or what the user types at the prompt. */
async function lethe(argv: string[], typed = '', isTTY = false, onSaid?: (text: string) => void): Promise<Run> {
  const streams = {
    stdin: Object.assign(new PassThrough(), { isTTY }),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
  };
  // A prompt ends its output stream. The streams of a process ignore that.
  streams.stderr.end = () => streams.stderr;
  let err = '';
  let isTyped = false;
  streams.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
    onSaid?.(err);
    if (isTTY && !isTyped && /Bearer token|yes\/no/.test(err)) {
      isTyped = true;
      setImmediate(() => streams.stdin.write(typed));
    }
  });
  const out = text(streams.stdout);
  if (!isTTY) streams.stdin.end(typed);
  const env = { LETHE_URL: registry.url, LETHE_TOKEN: 'admin', XDG_CONFIG_HOME: join(dir, 'config'), LETHE_HOME: dir };
  const code = await runCli(argv, env, streams, dir);
  streams.stdout.end();
  return { code, out: await out, err };
}

const ADD = ['add', URL, '--name', 'Example', '--bearer', '--credential-stdin'];

describe('lethe add', () => {
  it('registers, seals here, verifies and shows the receipt', async () => {
    const { code, out, err } = await lethe(ADD, `${TOKEN}\n`);
    expect(err).toContain('First use');
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('Receipt, signed by the connector') });
    expect(out).toContain('2 tools');
    expect(registry.opened).toEqual({ scheme: 'bearer', token: TOKEN });
    expect(registry.requests).toEqual([
      'GET /connectors -',
      'GET /gateways -',
      'GET /gateways?cursor=two -',
      'POST /gateways application/json',
      'POST /gateways/:id/verifications application/json',
      'PUT /gateways/:id/verifications/:id/credential application/jose',
      'GET /gateways/:id/verifications/:id -',
    ]);
    expect(`${out}${err}${registry.bodies.join('')}`).not.toContain(TOKEN);
  });

  it('asks at a hidden prompt, and asks for a slot only after', async () => {
    const { code, out, err } = await lethe(['add', URL, '--name', 'Example', '--bearer'], `${TOKEN}\n`, true);
    expect(code).toBe(0);
    expect(registry.opened).toEqual({ scheme: 'bearer', token: TOKEN });
    expect(`${out}${err}`).not.toContain(TOKEN);
  });

  it('says on a terminal that it is still waiting', async () => {
    const isSlow = Promise.withResolvers<true>();
    registry.isSlowUntil = isSlow.promise;
    const onSaid = (text: string): void => {
      if (text.includes('Still running')) isSlow.resolve(true);
    };
    expect(await lethe(['add', URL, '--name', 'Example', '--bearer'], `${TOKEN}\n`, true, onSaid)).toMatchObject({
      code: 0,
    });
  });

  it.each([
    ['Ctrl+C', '\u0003'],
    ['Ctrl+D', '\u0004'],
  ])('sends no credential after %s', async (_name, typed) => {
    expect(await lethe(['add', URL, '--name', 'Example', '--bearer'], typed, true)).toMatchObject({ code: 130 });
    expect(registry.requests.join()).not.toContain('POST');
  });

  it('asks for nothing when there is no terminal', async () => {
    expect(await lethe(['add', URL, '--name', 'Example', '--bearer'])).toMatchObject({ code: 2 });
    expect(registry.requests.join()).not.toContain('POST');
  });

  it.each([
    ['--basic me', 'pass:word', { scheme: 'basic', username: 'me', password: 'pass:word' }],
    ['--header X-Api-Key --header X-Tenant', 'one\ntwo', {
      scheme: 'headers',
      headers: [{ name: 'X-Api-Key', value: 'one' }, { name: 'X-Tenant', value: 'two' }],
    }],
    ['--query api_key --header X-Tenant', 'acme\nkey', {
      scheme: 'headers',
      headers: [{ name: 'X-Tenant', value: 'acme' }],
      parameters: [{ name: 'api_key', value: 'key' }],
    }],
    ['--query a --query b', 'one\ntwo', {
      scheme: 'query',
      parameters: [{ name: 'a', value: 'one' }, { name: 'b', value: 'two' }],
    }],
    [`--oauth-client-id me --token-url ${TOKEN_URL} --query a`, 'secret\none', {
      ...{ scheme: 'oauth_client_credentials', tokenUrl: TOKEN_URL, clientId: 'me', clientSecret: 'secret' },
      parameters: [{ name: 'a', value: 'one' }],
    }],
    [
      `--oauth-client-id me --token-url ${TOKEN_URL} --oauth-method client_secret_post --oauth-scope a ` +
        '--oauth-audience b --oauth-resource https://c.example',
      'secret',
      {
        ...{ scheme: 'oauth_client_credentials', tokenUrl: TOKEN_URL, clientId: 'me', clientSecret: 'secret' },
        ...{ method: 'client_secret_post', scope: 'a', audience: 'b', resource: 'https://c.example' },
      },
    ],
  ])('seals for %s what standard input holds', async (flags, typed, credential) => {
    const argv = ['add', URL, '--name', 'Example', ...flags.split(' '), '--credential-stdin'];
    expect(await lethe(argv, `${typed}\r\n`)).toMatchObject({ code: 0 });
    expect(registry.opened).toEqual(credential);
  }); // prettier-ignore

  it('seals the private key of an OAuth client that a file holds, and asks for nothing', async () => {
    verifies('credential.oauth');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const file = join(dir, 'key.pem');
    await writeFile(file, pem);
    const client = ['--oauth-client-id', 'me', '--token-url', TOKEN_URL];
    const add = ['add', URL, '--name', 'Example', ...client, '--oauth-private-key'];
    const { code, out, err } = await lethe([
      ...add,
      file,
      '--oauth-key-id',
      'k',
      '--oauth-issuer',
      'https://a.example',
    ]);
    expect(code, err).toBe(0);
    expect(registry.opened).toEqual({
      ...{ scheme: 'oauth_client_credentials', tokenUrl: TOKEN_URL, clientId: 'me', privateKey: pem },
      ...{ keyId: 'k', issuer: 'https://a.example' },
    });
    expect(`${out}${err}${registry.bodies.join('')}`).not.toContain(pem.split('\n')[1]);
    await writeFile(file, 'no key');
    const malformed = { code: 2, err: expect.stringContaining('A private key is PEM or JWK') };
    expect(await lethe([...add, file])).toMatchObject(malformed);
    const unreadable = { code: 2, err: expect.stringContaining('private_key_unreadable') };
    expect(await lethe([...add, join(dir, 'nowhere')])).toMatchObject(unreadable);
  });

  it.each([
    ['--oauth-client-id me', '--oauth-client-id and --token-url'],
    [`--token-url ${TOKEN_URL}`, '--oauth-client-id and --token-url'],
    [`--bearer --oauth-client-id me --token-url ${TOKEN_URL}`, 'use one of them'],
    [`--oauth-client-id me --token-url ${TOKEN_URL} --oauth-key-id k`, 'about --oauth-private-key'],
    [
      `--oauth-client-id me --token-url ${TOKEN_URL} --oauth-method client_secret_basic --oauth-private-key f`,
      'takes its',
    ],
    ['--oauth-client-id me --token-url http://auth.example.com/token', 'http_only_on_loopback'],
    ['--query a --query a', 'Two of these flags'],
    ['--query api_key --header Api-Key', 'Two of these flags'],
    ['--query api_key=secret', 'credential_in_argv'],
    ['--query a[b]', 'query_name_illegal'],
    [`--oauth-client-id me --token-url ${TOKEN_URL} --oauth-client-secret secret`, 'credential_in_argv'],
  ])('refuses %s, and says why', async (flags, why) => {
    const { code, err } = await lethe(
      ['add', URL, '--name', 'Example', ...flags.split(' '), '--credential-stdin'],
      'a',
    );
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(why) });
    expect(registry.requests).toEqual([]);
  });

  it.each<[string, string, object[]]>([
    ['--query api_key', 'a', [{ header: 'api-key', required: true, to: { query: 'api_key' } }]],
    ['--query host', 'a', [{ header: 'Query-host', required: true, to: { query: 'host' } }]],
    [
      `--oauth-client-id me --token-url ${TOKEN_URL}`,
      'a',
      [{ header: 'Authorization', scheme: 'bearer', required: true }],
    ],
    ['--bearer', 'a', [{ header: 'Authorization', scheme: 'bearer', required: true }]],
    ['--basic me', 'a', [{ header: 'Authorization', scheme: 'basic', required: true }]],
    ['--header x-api-key', 'a', [{ header: 'x-api-key', required: true }]],
    ['--header X-Upstream-Authorization', 'a', [{ header: 'X-Upstream-Authorization', required: true }]],
    [
      '--bearer --header X-Tenant',
      'a\nb',
      [
        { header: 'Authorization', scheme: 'bearer', required: true },
        { header: 'X-Tenant', required: true },
      ],
    ],
    ['--no-credential', '', []],
  ])('maps for %s exactly what callers have to send', async (flags, typed, passthroughHeaders) => {
    const stdin = typed === '' ? [] : ['--credential-stdin'];
    const { code, out } = await lethe(['add', URL, '--name', 'Example', ...flags.split(' '), ...stdin], typed);
    expect(code).toBe(0);
    const registered = registry.bodies.find((body) => body.includes('"url"')) ?? '';
    expect(JSON.parse(registered)).toEqual({ name: 'Example', url: URL, passthroughHeaders });
    expect(out.includes('X-Upstream-')).toBe(passthroughHeaders.length > 0);
  });

  it('seals a token together with other headers', async () => {
    const argv = ['add', URL, '--name', 'Example', '--bearer', '--header', 'X-Tenant', '--credential-stdin'];
    expect(await lethe(argv, `${TOKEN}\nacme\n`)).toMatchObject({ code: 0 });
    const headers = [{ name: 'X-Tenant', value: 'acme' }];
    expect(registry.opened).toEqual({ scheme: 'bearer', token: TOKEN, headers });
  });

  it.each([
    ['does not succeed', { code: 'credential_rejected', httpStatus: 401, scheme: 'bearer' }, /bearer token: --bearer/],
    ['needs a credential', { code: 'credential_required', httpStatus: 401 }, /asks for a credential[\s\S]*--header/],
    ['needs a password', { code: 'credential_required', scheme: 'basic' }, /--basic <user>/],
  ])('takes the registration back when the verification %s', async (_name, failure, said) => {
    verifies('cli.takes-back');
    verifies('verification.required-or-rejected');
    Object.assign(registry, { outcome: 'failed', failure });
    const { code, err } = await lethe(ADD, TOKEN);
    expect({ code, err }).toMatchObject({ code: 4, err: expect.stringMatching(said) });
    expect(err).toContain('taken back');
    expect(registry.requests.at(-1)).toBe('DELETE /gateways/:id -');
  });

  it('says how to go on when the registration can not be taken back', async () => {
    verifies('cli.takes-back');
    Object.assign(registry, { outcome: 'failed', keepsGateways: true });
    const { err } = await lethe(ADD, TOKEN);
    expect(err).toContain('To go on: lethe verify example; to remove it: lethe rm example');
  });

  it('registers no URL twice, unless the second gateway is named', async () => {
    verifies('cli.says-what-exists');
    registry.listed = {};
    const { code, err } = await lethe(ADD, TOKEN);
    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining('lethe verify example') });
    expect(registry.requests.join()).not.toContain('POST');
    expect(await lethe([...ADD, '--slug', 'second'], TOKEN)).toMatchObject({ code: 0 });
  });

  it('seals nothing where there is no credential', async () => {
    expect(await lethe(['add', URL, '--name', 'Example', '--no-credential'])).toMatchObject({ code: 0 });
    expect(registry.bodies).toContain('{"credential":"none"}');
    expect(registry.requests.join()).not.toContain('PUT');
  });

  it.each([
    `https://me:${TOKEN}@mcp.example.com/`,
    `${URL}?api_key=${TOKEN}`,
    `${URL}#${TOKEN}`,
    `mcp.example.com/${TOKEN}`,
  ])('sends nothing for a URL that may carry a secret, and does not repeat it', async (url) => {
    const { code, out, err } = await lethe(['add', url, '--name', 'x', '--no-credential']);
    expect(code).toBe(2);
    expect(`${out}${err}`).not.toContain(TOKEN);
    expect(registry.requests).toEqual([]);
  });

  it.each([
    ['a credential as argument', ['add', URL, '--name', 'x', '--bearer', TOKEN]],
    ['a flag that is none', ['add', URL, '--name', 'x', `--bear=${TOKEN}`]],
    ['one argument more', ['add', URL, TOKEN, '--name', 'x', '--bearer']],
    ['a command that is none', [TOKEN]],
    ['no kind of credential', ['add', URL, '--name', 'x']],
    ['two kinds of credential', ['add', URL, '--name', 'x', '--bearer', '--no-credential']],
    ['two schemes', ['add', URL, '--name', 'x', '--bearer', '--basic', 'me']],
    ['the same header twice', ['add', URL, '--name', 'x', '--header', 'X-Key', '--header', 'x-key']],
    ['a header that the token fills', ['add', URL, '--name', 'x', '--bearer', '--header', 'Authorization']],
  ])('refuses %s without repeating it', async (_name, argv) => {
    const { code, out, err } = await lethe(argv);
    expect(code).toBe(2);
    expect(err).not.toBe('');
    expect(`${out}${err}`).not.toContain(TOKEN);
    expect(registry.requests).toEqual([]);
  });

  it.each([
    ['two words', 'two words'],
    ['the scheme before it', `Bearer ${TOKEN}`],
    ['nothing', ''],
    ['two lines', 'one\ntwo'],
  ])('takes no slot for a token that is none: %s', async (_name, typed) => {
    const { code, err } = await lethe(ADD, typed);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('credential_malformed') });
    expect(registry.requests.join()).not.toContain('verifications');
  });

  it('gives JSON when asked', async () => {
    const { out } = await lethe([...ADD, '--json'], TOKEN);
    expect(JSON.parse(out)).toMatchObject({
      gateway: { slug: 'example', headers: [{ exact: 'X-Upstream-example-Authorization', required: true }] },
      receipt: { requests: 6, outcome: 'verified' },
    });
  });
});

describe('a credential stays here', () => {
  const refusedFor = async (changes: Partial<SlotOfferClaims>): Promise<Run> => {
    registry.offerChanges = changes;
    return lethe(ADD, TOKEN);
  };

  it.each<[string, Partial<SlotOfferClaims>]>([
    ['for another URL', { aud: 'https://evil.example.com/mcp' }],
    ['for another gateway', { gatewayId: randomUUID() }],
    ['for another verification', { vid: randomUUID() }],
    ['that has ended', { exp: 1 }],
    ['that lives long', { exp: nowSeconds() + 3_600 }],
  ])('when the slot is %s', async (_name, changes) => {
    expect(await refusedFor(changes)).toMatchObject({ code: 5 });
    expect(registry.requests.join()).not.toContain('PUT');
    // Nobody will use it.
    expect(registry.requests.join()).toContain('POST /gateways/:id/verifications/:id/cancel');
  });

  it("when the connectors' key has changed, until the person has compared it", async () => {
    await initTrust(join(dir, 'trust'), new Date());
    registry.trust = await loadTrust(join(dir, 'trust'));
    expect(await lethe(ADD, TOKEN)).toMatchObject({ code: 0 });
    await rotateTrust(join(dir, 'trust'), 'connector', new Date());
    registry.trust = await loadTrust(join(dir, 'trust'));
    registry.opened = undefined;
    const { code, err } = await lethe(['verify', 'example', '--bearer', '--credential-stdin'], TOKEN);
    expect({ code, err }).toMatchObject({ code: 5, err: expect.stringContaining('fingerprint_changed') });
    expect(registry.opened).toBeUndefined();
    const { fingerprint } = registry.trust.connectorSigner();
    const accepting = ['verify', 'example', '--bearer', '--credential-stdin', '--connector-fingerprint', fingerprint];
    expect(await lethe(accepting, TOKEN)).toMatchObject({ code: 0 });
    expect(await lethe(ADD, TOKEN)).toMatchObject({ code: 0 });
    expect(await readFile(join(dir, 'config', 'lethe', 'known-connectors.json'), 'utf8')).toContain(fingerprint);
  });

  it('when the compared fingerprint is not the shown one', async () => {
    expect(await lethe([...ADD, '--connector-fingerprint', 'x'.repeat(43)], TOKEN)).toMatchObject({ code: 5 });
    expect(registry.opened).toBeUndefined();
  });
});

describe('lethe verify', () => {
  it('shows the URL that is sealed for', async () => {
    const { code, err } = await lethe(['verify', 'example', '--bearer', '--credential-stdin'], TOKEN);
    expect(code).toBe(0);
    expect(err).toContain(`The credential is for example: ${URL}`);
  });

  it.each<[string, object[], string, object]>([
    ['a token', [{ header: 'Authorization', scheme: 'bearer', required: true }], TOKEN, { scheme: 'bearer', token: TOKEN }],
    [
      'user and password',
      [{ header: 'authorization', scheme: 'basic' }],
      'me:pass:word',
      { scheme: 'basic', username: 'me', password: 'pass:word' },
    ],
    [
      'a token and headers, of which one is not sent',
      [{ header: 'Authorization', scheme: 'bearer' }, { header: 'X-Key', required: true }, { header: 'X-Tenant' }],
      `${TOKEN}\nkey\n\n`,
      { scheme: 'bearer', token: TOKEN, headers: [{ name: 'X-Key', value: 'key' }] },
    ],
    [
      'query parameters, of which one is not sent',
      [{ header: 'Api-Key', required: true, to: { query: 'api_key' } }, { header: 'Tenant', to: { query: 'tenant' } }],
      'key\n\n',
      { scheme: 'query', parameters: [{ name: 'api_key', value: 'key' }] },
    ],
  ])('without flags asks for what callers send: %s', async (_name, mappings, typed, credential) => {
    registry.mappings = mappings;
    const { code, err } = await lethe(['verify', 'example', '--credential-stdin'], typed);
    expect({ code, err }).toMatchObject({ code: 0, err: expect.not.stringContaining('Note:') });
    expect(registry.opened).toEqual(credential);
  }); // prettier-ignore

  it('asks for nothing where callers send nothing', async () => {
    registry.mappings = [];
    expect(await lethe(['verify', 'example'])).toMatchObject({ code: 0 });
    expect(registry.bodies).toContain('{"credential":"none"}');
  });

  it('says in one line how its flags differ from what callers send', async () => {
    registry.mappings = [{ header: 'Authorization', scheme: 'bearer', required: true }];
    const { code, err } = await lethe(['verify', 'example', '--header', 'X-Key', '--credential-stdin'], 'key');
    expect(code).toBe(0);
    expect(err).toMatch(/^Note: This verification sends X-Key; calls go on sending Authorization \(bearer\)\.$/m);
    registry.mappings = [{ header: 'My-Key', required: true, to: { query: 'key' } }];
    const same = await lethe(['verify', 'example', '--query', 'key', '--credential-stdin'], 'key');
    expect(same).toMatchObject({ code: 0, err: expect.not.stringContaining('Note:') });
    const other = await lethe(['verify', 'example', '--header', 'My-Key', '--credential-stdin'], 'key');
    expect(other.err).toContain('This verification sends My-Key; calls go on sending the query parameter key.');
  });

  it('keeps the gateway, and the command that it prints works as it stands', async () => {
    registry.outcome = 'failed';
    const { err } = await lethe(['verify', 'example', '--credential-stdin'], TOKEN);
    const printed = /To try again: lethe (.*)$/m.exec(err)?.[1] ?? '';
    expect(registry.requests.join()).not.toContain('DELETE');
    registry.outcome = 'verified';
    expect(await lethe([...printed.split(' '), '--credential-stdin'], TOKEN)).toMatchObject({ code: 0 });
  });

  it('shows both eras, items for some clients only, and warnings in words', async () => {
    const era = { era: 'legacy', protocolVersion: '2025-11-25', sessionful: true, listScope: 'unknown' } as const;
    const modern = { era: 'modern', protocolVersion: '2026-07-28', sessionful: false, listScope: 'private' } as const;
    const counts = { tools: 17, resources: 0, resourceTemplates: 0, prompts: 0, skipped: 0, conditional: 4 };
    registry.found = { counts, facts: { ...modern, transport: 'streamable-http', otherEra: era } };
    registry.warnings = [
      { code: 'era_failed', era: 'legacy', why: 'upstream_timeout' },
      { code: 'conditional_failed', era: 'modern', why: 'upstream_http_error', httpStatus: 500 },
      { code: 'era_empty', era: 'modern' },
      { code: 'catalogue_empty', requested: [{ era: 'modern', methods: ['tools/list', 'prompts/list'] }] },
      { code: 'schema_held_back', pointer: '/items/1/definition/outputSchema' },
      { code: 'schemas_unchecked' },
      { code: 'of_a_newer_registry' },
    ];
    const { out, code } = await lethe(['verify', 'example', '--bearer', '--credential-stdin'], TOKEN);
    expect(code).toBe(0);
    expect(out).toMatch(/upstream +modern, protocol 2026-07-28, without sessions, streamable-http/);
    expect(out).toMatch(/and +legacy, protocol 2025-11-25, with sessions/);
    expect(out).toContain('17 tools, 4 of them only for clients with certain capabilities');
    expect(out.match(/^Warning: .*$/gm)).toEqual([
      'Warning: Only one era is served, the legacy era could not be verified: The upstream took too long',
      'Warning: Items for clients with certain capabilities may be missing in the modern era: The upstream answered with an HTTP error (HTTP status 500)',
      'Warning: The upstream lists nothing in the modern era, which is therefore not served',
      'Warning: The upstream lists nothing at all. Requested: tools/list, prompts/list (modern)',
      'Warning: A schema that clients can’t compile is held back, the tool is served: /items/1/definition/outputSchema',
      'Warning: Some schemas were too long to check whether clients can compile them',
      'Warning: of_a_newer_registry',
    ]);
  });

  it('ends in its own exit code when the upstream refuses', async () => {
    registry.outcome = 'failed';
    const { code, out, err } = await lethe(['verify', 'example', '--bearer', '--credential-stdin'], TOKEN);
    expect(code).toBe(4);
    expect(err).toContain('(credential_rejected)');
    expect(out).toContain('Receipt');
  });

  it('believes no receipt of another upstream', async () => {
    registry.receiptUrl = 'https://other.example.com/mcp';
    const { code, err } = await lethe(['verify', 'example', '--bearer', '--credential-stdin'], TOKEN);
    expect({ code, err }).toMatchObject({ code: 5, err: expect.stringContaining('receipt_invalid') });
  });

  it('says the code of what the registry refuses', async () => {
    const { code, err } = await lethe(['verify', 'nothing', '--bearer', '--credential-stdin'], TOKEN);
    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining('(not_found)') });
    expect(err).toMatch(/id: slug\n {2}hint: gone/);
  });

  it('reports a registry that does not respond', async () => {
    registry.stop();
    expect(await lethe(['verify', 'example', '--bearer', '--credential-stdin'], TOKEN)).toMatchObject({ code: 6 });
  });
});

describe('lethe apply', () => {
  it('has applied a result, also if the virtual servers can not be checked then', async () => {
    registry.waiting = randomUUID();
    registry.hidesServers = true;
    const { code, out, err } = await lethe(['apply', 'example', '--yes']);
    expect({ code, out }).toEqual({ code: 0, out: 'example serves what was reviewed.\n' });
    expect(err).toContain('Warning: the virtual servers that serve example could not be checked.');
  });
});

describe('lethe serve', () => {
  it('prints the endpoint and the headers of a client', async () => {
    const { code, out } = await lethe(['serve', 'new', '--from', 'example']);
    expect(code).toBe(0);
    expect(out).toContain('/servers/all/mcp');
    expect(out).toMatch(/Authorization +Bearer lethe_key_k_s/);
    expect(out).toMatch(/X-Upstream-Authorization .*X-Upstream-example-Authorization/);
  });

  it('prints commands to paste that hold no secret', async () => {
    registry.mappings = [{ header: 'Authorization', scheme: 'bearer', required: true }];
    const { out } = await lethe(['serve', 'new', '--from', 'example']);
    expect(out).toContain('-H "X-Upstream-Authorization: Bearer ${EXAMPLE_TOKEN}"');
    expect(out).toContain("--header 'X-Upstream-Authorization: Bearer ${EXAMPLE_TOKEN}'");
    expect(out.match(/lethe_key_k_s/g)).toHaveLength(1);
  });

  it('says which setting tells where the proxies are', async () => {
    const { err } = await lethe(['serve', 'new', '--from', 'example']);
    expect(err).toContain('LETHE_PUBLIC_URL');
  });

  it.each([
    [{ 'preference-applied': 'wait=5' }, /^$/],
    [{ 'lethe-not-applied': 'proxy-1, proxy-2' }, /^Warning: not served yet by the proxies on proxy-1, proxy-2\.$/m],
    [{}, /^Warning: the registry has not heard yet that the proxies serve this\.$/m],
  ])('returns when every proxy serves it, or says which do not: %j', async (headers, said) => {
    verifies('rest.prefer-wait');
    registry.headers = headers;
    const { code, err } = await lethe(['serve', 'new', '--from', 'example']);
    expect({ code, err: err.replace(/^Set LETHE_PUBLIC_URL.*\n/m, '') }).toMatchObject({
      code: 0,
      err: expect.stringMatching(said),
    });
  });

  it('says once which proxies are late, though it changes two things', async () => {
    registry.headers = { 'lethe-not-applied': 'proxy-1' };
    const { err } = await lethe(['serve', 'new', '--from', 'example']);
    expect(err.match(/not served yet/g)).toHaveLength(1);
  });

  it('says when a client would have to send more headers than the way to it lets pass', async () => {
    verifies('servers.header-budget');
    const needs = { code: 'headers_over_limit', headers: 20, needsKib: 86 };
    registry.serverWarnings = [
      { ...needs, limitKib: 64, setting: 'LETHE_FRONT_HEADER_KIB' },
      { ...needs, limitKib: 72, setting: 'LETHE_MAX_HEADER_KIB' },
      { code: 'of_a_later_version' },
    ];
    const { code, err } = await lethe(['serve', 'new', '--from', 'example']);
    expect(code).toBe(0);
    expect(err).toMatch(/^Warning: .*all 20 credentials of all .*86 KiB.* 64 KiB \(LETHE_FRONT_HEADER_KIB\)/m);
    expect(err).toMatch(/^Warning: .*the proxies accept 72 KiB \(LETHE_MAX_HEADER_KIB\)/m);
    expect(err).toMatch(/^Warning: of_a_later_version$/m);
  });

  it('serves nothing that was never verified', async () => {
    registry.gatewayState = 'unverified';
    const { code, err } = await lethe(['serve', 'new', '--from', 'example']);
    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining('lethe verify example') });
    expect(registry.requests.join()).not.toContain('POST');
  });

  it('makes no second server of one name, and says how to go on with the first', async () => {
    verifies('cli.says-what-exists');
    const { code, err } = await lethe(['serve', 'all', '--from', 'example']);
    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining('lethe key all') });
    expect(registry.requests.join()).not.toContain('POST');
    expect(await lethe(['serve', 'all', '--from', 'example', '--slug', 'two'])).toMatchObject({ code: 0 });
  });

  it('adds gateways to a server and keeps what it serves', async () => {
    const { code, out } = await lethe(['serve', 'all', '--add', '--from', 'example']);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.not.stringContaining('lethe_key') });
    expect(registry.bodies).toContain('{"include":[{"gateway":"example"}]}');
    expect(await lethe(['serve', 'all', '--add', '--from', 'example', '--open'])).toMatchObject({ code: 2 });
  });

  it('makes another key for a server', async () => {
    const { code, out } = await lethe(['key', 'all', '--name', 'laptop']);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('lethe_key_k_s') });
    expect(out).toContain('X-Upstream-Authorization');
    expect(registry.bodies).toContain('{"name":"laptop","servers":["s"]}');
  });

  it('sends the eras of a virtual server, and takes no others', async () => {
    const serve = ['serve', 'New', '--from', 'example', '--open', '--eras'];
    expect((await lethe([...serve, 'both'])).code).toBe(0);
    expect(registry.bodies.join()).toContain('"eras":"both"');
    const wrong = await lethe([...serve, 'CANARY']);
    expect(wrong.code).toBe(2);
    expect(wrong.err).not.toContain('CANARY');
  });

  it('sends how a rejected credential is told', async () => {
    const serve = ['serve', 'New', '--from', 'example', '--open', '--rejected-credential'];
    expect((await lethe([...serve, 'http'])).code).toBe(0);
    expect(registry.bodies.join()).toContain('"rejectedCredential":"http"');
    expect((await lethe([...serve, 'never'])).code).toBe(2);
  });

  it('names each gateway that is none by its position', async () => {
    const { code, err } = await lethe(['serve', 'all', '--from', 'CANARY-1', 'example', 'CANARY-2']);
    expect(code).toBe(3);
    expect(err).toContain('No gateway has the slug or id given as the 1st value of --from (not_found)');
    expect(err).toContain('No gateway has the slug or id given as the 3rd value of --from (not_found)');
    expect(err).toContain('To see all of them: lethe ls');
    expect(err).not.toContain('CANARY');
    expect((await lethe(['serve', 'all', '--from', 'nope'])).err).toMatch(/^lethe: No gateway .* given as --from /);
    expect(registry.requests.join()).not.toContain('POST');
  });

  it('makes no key for a virtual server that is open', async () => {
    await lethe(['serve', 'new', '--from', 'example', '--open']);
    expect(registry.bodies).toContain(
      JSON.stringify({ name: 'new', include: [{ gateway: GATEWAY.id }], access: 'open' }),
    );
    expect(registry.requests.join()).not.toContain('/keys');
  });
});

describe('a gateway or virtual server that does not exist', () => {
  it.each([
    ['verify', 'CANARY', '--no-credential'],
    ['apply', 'CANARY'],
    ['key', 'CANARY'],
    ['serve', 'CANARY', '--add', '--from', 'example'],
    ['rm', 'CANARY', '--yes'],
  ])('is named by its place, with a way to see which there are: lethe %s', async (...argv) => {
    const { code, err } = await lethe(argv);
    expect({ code, err }).toMatchObject({
      code: 3,
      err: expect.stringMatching(/^lethe: No (gateway|virtual server) /),
    });
    expect(err).toContain('To see all of them: lethe ls');
    expect(err).not.toContain('CANARY');
  });
});

describe('lethe ls', () => {
  it('lists all pages, in text that steers no terminal', async () => {
    const { out } = await lethe(['ls']);
    expect(out).toContain('example');
    expect(out).toContain(String.raw`two\u{1b}[2J`);
    expect(JSON.parse((await lethe(['ls', '--json'])).out)).toMatchObject({ gateways: [{}, {}], servers: [{}] });
  });
});

describe('lethe rm', () => {
  it('removes what it names, after a question', async () => {
    expect(await lethe(['rm', 'all'])).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
    expect(await lethe(['rm', 'all', '--yes'])).toMatchObject({ code: 0, out: expect.stringContaining('server all') });
    expect(registry.requests).toContain('DELETE /servers/s -');
    const { code, out } = await lethe(['rm', 'example', '--yes']);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('whose items all will lose') });
    expect(registry.requests).toContain('DELETE /gateways/:id?force=true -');
    expect(await lethe(['rm', 'nothing', '--yes'])).toMatchObject({ code: 3 });
  });

  it.each([
    ['yes\n', 0],
    ['no\n', 130],
    ['\n', 130],
  ])('asks on a terminal (%j)', async (typed, code) => {
    expect(await lethe(['rm', 'all'], typed, true)).toMatchObject({ code });
    expect(registry.requests.includes('DELETE /servers/s -')).toBe(code === 0);
  });
});

describe('lethe trust', () => {
  it('makes keys once, shows and rotates them', async () => {
    const made = await lethe(['trust', 'init', join(dir, 'new')]);
    expect(made).toMatchObject({ code: 0, out: expect.stringContaining('connector') });
    expect(await lethe(['trust', 'init', join(dir, 'new')])).toMatchObject({
      code: 2,
      err: expect.stringContaining('trust_exists'),
    });
    expect(made.out).toMatch(
      /registry +registry\.sign, rows\.mac, trust\.json\n +connector +connector\.sign, trust\.json\n/,
    );
    expect(await lethe(['trust', 'rotate', 'connector', join(dir, 'new')])).toMatchObject({ code: 0 });
    expect((await lethe(['trust', 'show', join(dir, 'new')])).out).toContain('retired');
    expect(await lethe(['trust', 'rotate', 'admin', join(dir, 'new')])).toMatchObject({ code: 2 });
    expect((await lethe(['trust', 'admin-token'])).out).toMatch(/^lethe_admin_[0-9a-f]{16}_[\w-]{43}\n$/);
  });

  it.each([
    ['registry', { registry: ['registry.sign', 'trust.json'], connector: ['trust.json'], proxy: ['trust.json'] }],
    ['connector', { registry: ['trust.json'], connector: ['connector.sign', 'trust.json'], proxy: ['trust.json'] }],
    ['rows', { registry: ['rows.mac'], connector: [], proxy: ['callers.mac'] }],
    ['session', { registry: [], connector: [], proxy: ['session.ring'] }],
    ['kept', { registry: ['trust.json'], connector: ['trust.json'], proxy: ['proxy.kept', 'trust.json'] }],
  ])('says which new files go to which service: %s', async (role, services) => {
    verifies('cli.trust-files');
    await initTrust(join(dir, 'new'), new Date());
    const { out } = await lethe(['trust', 'rotate', role, join(dir, 'new')]);
    expect(out.includes('proxies first')).toBe(role === 'kept');
    expect(out).toMatch(/^ +kept +active +[\w-]{43}$/m);
    for (const [service, files] of Object.entries(services)) {
      const line = files.length > 0 ? `^  ${service} +${files.join(', ')}$` : `^(?![^]*^  ${service} +[a-z.]+(, |$))`;
      expect(out).toMatch(new RegExp(line, 'm'));
    }
    const again = await lethe(['trust', 'rotate', role, join(dir, 'new'), '--json']);
    expect(JSON.parse(again.out)).toMatchObject({ services });
  });
});

describe('help', () => {
  it('is no failure', async () => {
    expect(await lethe(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('add') });
  });
});
