import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
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
import { testTrust } from '@test/support/trust.js';
import { runCli } from './run-cli.js';

const URL = 'https://mcp.example.com/mcp';
const TOKEN = 'correct-horse-battery-staple';
const GATEWAY = {
  id: randomUUID(),
  name: 'Example',
  slug: 'example',
  url: URL,
  state: 'unverified',
  passthroughHeaders: [{ header: 'Authorization', required: true }],
};
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
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
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
      'POST /gateways': async () => [201, GATEWAY],
      'GET /gateways/example': async () => [200, GATEWAY],
      'GET /connectors': async () => [200, { items: this.trust.identities('connector') }],
      'POST /gateways/:id/verifications': () => this.reserve(),
      'GET /gateways/:id/verifications/:id': () => this.finished(),
      'POST /servers': async () => [201, serverView()],
      'POST /keys': async () => [201, { id: 'k', key: 'lethe_key_k_s' }],
      'GET /gateways': async () => [200, { items: [GATEWAY], nextCursor: 'two' }],
      'GET /gateways?cursor=two': async () => [200, { items: [{ ...GATEWAY, slug: 'two\u001b[2J' }] }],
      'GET /servers': async () => [200, { items: [serverView()] }],
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
    const code: JsonObject = this.outcome === 'failed' ? { code: 'credential_rejected', httpStatus: 401 } : {};
    return [200, this.view(this.outcome, { receipt, ...code, warnings: this.warnings })];
  }

  private view(state: string, more: JsonObject): object {
    return { id: this.vid, gatewayId: GATEWAY.id, attempt: 1, state, ...more };
  }
}

function serverView(): object {
  const head = { id: 's', name: 'all', slug: 'all', path: '/servers/all/mcp', access: 'key' };
  return { ...head, shortForm: { Authorization: GATEWAY.id }, exposed: [{}, {}], leftOut: [] };
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
async function lethe(argv: string[], typed = '', isTTY = false): Promise<Run> {
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
    if (isTTY && !isTyped && err.includes('Bearer token')) {
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
      'POST /gateways application/json',
      'GET /connectors -',
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

  it.each([
    ['Ctrl+C', '\u0003'],
    ['Ctrl+D', '\u0004'],
  ])('sends no credential after %s', async (_name, typed) => {
    expect(await lethe(['add', URL, '--name', 'Example', '--bearer'], typed, true)).toMatchObject({ code: 130 });
    expect(registry.requests.join()).not.toContain('verifications');
  });

  it('asks for nothing when there is no terminal', async () => {
    expect(await lethe(['add', URL, '--name', 'Example', '--bearer'])).toMatchObject({ code: 2 });
    expect(registry.requests).not.toContain('POST /gateways/:id/verifications application/json');
  });

  it.each([
    ['--basic me', 'pass:word', { scheme: 'basic', username: 'me', password: 'pass:word' }],
    ['--header X-Api-Key --header X-Tenant', 'one\ntwo', {
      scheme: 'headers',
      headers: [{ name: 'X-Api-Key', value: 'one' }, { name: 'X-Tenant', value: 'two' }],
    }],
  ])('seals for %s what standard input holds', async (flags, typed, credential) => {
    const argv = ['add', URL, '--name', 'Example', ...flags.split(' '), '--credential-stdin'];
    expect(await lethe(argv, `${typed}\r\n`)).toMatchObject({ code: 0 });
    expect(registry.opened).toEqual(credential);
  }); // prettier-ignore

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
      gateway: { slug: 'example' },
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

describe('lethe serve', () => {
  it('prints the endpoint and the headers of a client', async () => {
    const { code, out } = await lethe(['serve', 'all', '--from', 'example']);
    expect(code).toBe(0);
    expect(out).toContain('/servers/all/mcp');
    expect(out).toMatch(/Authorization +Bearer lethe_key_k_s/);
    expect(out).toMatch(/X-Upstream-Authorization .*X-Upstream-example-Authorization/);
  });

  it('sends the eras of a virtual server, and takes no others', async () => {
    const serve = ['serve', 'All', '--from', 'example', '--open', '--eras'];
    expect((await lethe([...serve, 'both'])).code).toBe(0);
    expect(registry.bodies.join()).toContain('"eras":"both"');
    const wrong = await lethe([...serve, 'CANARY']);
    expect(wrong.code).toBe(2);
    expect(wrong.err).not.toContain('CANARY');
  });

  it('makes no key for a virtual server that is open', async () => {
    await lethe(['serve', 'all', '--from', 'example', '--open']);
    expect(registry.bodies).toContain(
      JSON.stringify({ name: 'all', include: [{ gateway: GATEWAY.id }], access: 'open' }),
    );
    expect(registry.requests.join()).not.toContain('/keys');
  });
});

describe('lethe ls', () => {
  it('lists all pages, in text that steers no terminal', async () => {
    const { out } = await lethe(['ls']);
    expect(out).toContain('example');
    expect(out).toContain('two·[2J');
    expect(JSON.parse((await lethe(['ls', '--json'])).out)).toMatchObject({ gateways: [{}, {}], servers: [{}] });
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
    expect(await lethe(['trust', 'rotate', 'connector', join(dir, 'new')])).toMatchObject({ code: 0 });
    expect((await lethe(['trust', 'show', join(dir, 'new')])).out).toContain('retired');
    expect(await lethe(['trust', 'rotate', 'admin', join(dir, 'new')])).toMatchObject({ code: 2 });
    expect((await lethe(['trust', 'admin-token'])).out).toMatch(/^lethe_admin_[0-9a-f]{16}_[\w-]{43}\n$/);
  });
});

describe('help', () => {
  it('is no failure', async () => {
    expect(await lethe(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('add') });
  });
});
