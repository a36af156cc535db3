import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { type AdminIssuer, startAdminIssuer } from '../support/admin-issuer.js';
import { isDatabaseAvailable } from '../support/database.js';
import { testTrust } from '../support/trust.js';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

const KIND = isDatabaseAvailable('postgres') ? 'postgres' : 'embedded';
const SCRIPT = `document.title = 'A console'; ${'// so long that compression is worth it\n'.repeat(40)}`;
const PAGE = '<!doctype html><script type="module" src="/console/assets/index-0a1b2c3d.js"></script>';

/** What a build of the console looks like. */
function makeConsole(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-console-'));
  mkdirSync(join(folder, 'assets'));
  const files: Record<string, string | Buffer> = {
    'index.html': PAGE,
    'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'assets/index-0a1b2c3d.js': SCRIPT,
    'assets/index-0a1b2c3d.js.br': brotliCompressSync(SCRIPT),
    'assets/index-0a1b2c3d.js.gz': gzipSync(SCRIPT),
    'assets/index-0a1b2c3d.js.map': '{"a map": "for debuggers"}',
  };
  for (const [path, body] of Object.entries(files)) writeFileSync(join(folder, path), body);
  return folder;
}

interface RawAnswer {
  status: number | undefined;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Sends a target and headers as they are: `fetch` would change them. */
function raw(url: string, target: string, { method = 'GET', ...headers }: Record<string, string> = {}) {
  return new Promise<RawAnswer>((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, path: target, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    sent.on('error', reject).end();
  });
}

describe('the console', () => {
  let folder: string;
  let harness: RegistryHarness;
  const own: { proxyUrl?: string } = {};
  beforeAll(async () => {
    folder = makeConsole();
    const more = { consoleFolder: folder, ownProxy: () => own.proxyUrl };
    harness = await RegistryHarness.start(KIND, {}, testTrust(), more);
  });
  afterAll(async () => {
    await harness?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const get = (target: string, headers: Record<string, string> = {}) => raw(harness.url, target, headers);

  it('is served at /console/, and / leads there', async () => {
    verifies('console.served');
    for (const path of ['/', '/console', '/console?x=1'])
      expect([path, await get(path)]).toEqual([path, expect.objectContaining({ status: 307, headers: expect.objectContaining({ location: '/console/' }) })]); // prettier-ignore
    const page = await get('/console/');
    expect([page.status, page.headers['content-type'], page.body.toString()]).toEqual([200, 'text/html; charset=utf-8', PAGE]); // prettier-ignore
    expect(page.headers['cache-control']).toBe('no-cache');
    const again = await get('/console/', { 'if-none-match': String(page.headers['etag']) });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    expect(again.headers['content-security-policy']).toBe(page.headers['content-security-policy']);
  });

  it('has its files, which browsers keep, in the coding that they take', async () => {
    verifies('console.served');
    const path = '/console/assets/index-0a1b2c3d.js';
    const plain = await get(path);
    expect([plain.status, plain.headers['content-type'], plain.body.toString()]).toEqual([200, 'text/javascript; charset=utf-8', SCRIPT]); // prettier-ignore
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const coded = await get(path, { 'accept-encoding': 'gzip, deflate, br, zstd' });
    expect([coded.headers['content-encoding'], coded.body]).toEqual(['br', brotliCompressSync(SCRIPT)]);
    const older = await get(path, { 'accept-encoding': 'gzip, deflate' });
    expect([older.headers['content-encoding'], older.body]).toEqual(['gzip', gzipSync(SCRIPT)]);
    expect(new Set([plain, coded, older].map(({ headers }) => headers['etag'])).size).toBe(3);
    for (const { headers } of [plain, coded, older]) expect(headers['vary']).toBe('Accept, Accept-Encoding');
    const fetched = await fetch(`${harness.url}${path}`);
    expect(await fetched.text()).toBe(SCRIPT);
  });

  it.each(['/console/servers/github', '/console/callback?code=a&state=b', '/console/a/b/c/', '/console/%F0%9F%8C%8A'])(
    'answers its page at %s, a view of its own',
    async (path) => {
      verifies('console.served');
      const { status, body } = await get(path);
      expect([status, body.toString()]).toEqual([200, PAGE]);
    },
  );

  it('answers its page to a browser that is led to a name with a dot', async () => {
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    expect((await get('/console/catalogue/tool/admin.list', { accept })).body.toString()).toBe(PAGE);
  });

  it.each([
    '/console/assets/index-ffffffff.js',
    '/console/assets/nothing',
    '/console/robots.txt',
    '/console/assets/index-0a1b2c3d.js.map',
    '/console/assets/../../v1/status',
    '/console/%2e%2e/v1/status',
    '/console/..%2f..%2fetc/passwd',
    '/console/assets/%2e%2e/%2e%2e/package.json',
  ])('has nothing at %s', async (path) => {
    verifies('console.served');
    const accept = 'text/html';
    const tried: Record<string, string>[] = path.includes('robots') ? [{}] : [{}, { accept }];
    for (const headers of tried) {
      const { status, headers: answered, body } = await get(path, headers);
      expect([status, answered['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
      expect(JSON.parse(body.toString())).toMatchObject({ code: 'not_found' });
    }
  });

  it('takes no path of the API, whatever a browser accepts', async () => {
    verifies('console.served');
    const accept = 'text/html';
    for (const path of ['/v1/nothing', '/v1', '/.well-known/openid-configuration', '/nothing', '/consoles'])
      expect([path, (await get(path, { accept })).status]).toEqual([path, 404]);
    expect((await get('/v1/status', { accept })).status).toBe(401);
    expect(JSON.parse((await get('/openapi.json', { accept })).body.toString())).toHaveProperty('openapi');
    expect((await get('/docs', { accept })).body.toString()).toContain('swagger');
  });

  it('answers HEAD as GET without a body, and other methods with those that it has', async () => {
    verifies('console.served');
    for (const path of ['/console/', '/console/assets/index-0a1b2c3d.js', '/console/servers/x']) {
      const [head, full] = [await get(path, { method: 'HEAD' }), await get(path)];
      const { date: _date, connection: _connection, ...headers } = full.headers;
      expect([head.status, head.body.length, head.headers]).toEqual([200, 0, expect.objectContaining(headers)]);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      for (const path of ['/', '/console', '/console/', '/console/x', '/console/assets/index-0a1b2c3d.js']) {
        const { status, headers } = await get(path, { method });
        expect([method, path, status, headers['allow']]).toEqual([method, path, 405, 'GET, HEAD']);
      }
  });

  it('is held by its headers to its own files, its registry and the proxy, also where it fails', async () => {
    verifies('console.policy');
    const paths = ['/console/', '/console/servers', '/console/assets/index-0a1b2c3d.js', '/console/assets/nothing.js'];
    for (const path of paths) {
      const { headers } = await get(path);
      expect(String(headers['content-security-policy']).split('; ')).toEqual([
        ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'"],
        ...["connect-src 'self'", "manifest-src 'self'", "base-uri 'none'", "form-action 'none'"],
        ...["frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"],
      ]);
      expect(headers).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'permissions-policy': expect.stringContaining('camera=()'),
      });
      expect(headers).not.toHaveProperty('set-cookie');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('is named by the command that prints what a client needs', async () => {
    verifies('console.served');
    const { id, slug } = await harness.gateway();
    await harness.verified(id, [tool('a')]);
    const { out } = await harness.lethe(['serve', 'named', '--from', slug]);
    expect(out).toContain(`  console   ${harness.url}/console/\n`);
    expect(await harness.admin.ask('GET', '/status')).toMatchObject({ hasConsole: true });
  });

  it('may call the proxy of its process by the name that its browser used, and a forged one comes to nothing', async () => {
    verifies('console.policy');
    own.proxyUrl = 'http://127.0.0.1:4567';
    const connects = async (host: string) =>
      /connect-src ([^;]*)/.exec(String((await get('/console/', { host })).headers['content-security-policy']))?.[1];
    const told = async (host: string) => {
      const authorization = `Bearer ${harness.admin.token}`;
      const { body } = await get('/v1/status', { host, authorization });
      return (JSON.parse(body.toString()) as { proxyUrl: unknown }).proxyUrl;
    };
    for (const name of ['localhost', '127.0.0.1', '[::1]'])
      expect([await connects(`${name}:4400`), await told(`${name}:4400`)]).toEqual([
        `'self' http://${name}:4567`,
        `http://${name}:4567`,
      ]);
    for (const host of ['evil.example', "localhost; script-src 'unsafe-inline'", 'localhost evil.example'])
      expect([await connects(host), await told(host)]).toEqual(["'self'", null]);
    delete own.proxyUrl;
  });

  it('says to everybody that only tokens of Lethe sign in', async () => {
    verifies('console.sign-in');
    const answer = await fetch(`${harness.url}/v1/sign-in`);
    expect([answer.status, await answer.json()]).toEqual([200, { oidc: null }]);
    const etag = answer.headers.get('etag') ?? '';
    expect((await fetch(`${harness.url}/v1/sign-in`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const { status, headers } = await fetch(`${harness.url}/v1/sign-in`, { method: 'POST' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('the console behind a reverse proxy', () => {
  it('may call the public address of the proxies', async () => {
    verifies('console.policy');
    const folder = makeConsole();
    const env = { LETHE_PUBLIC_URL: 'https://mcp.example.com/lethe' };
    const harness = await RegistryHarness.start(KIND, env, testTrust(), { consoleFolder: folder });
    try {
      const { headers } = await raw(harness.url, '/console/', { host: 'lethe.example.com' });
      expect(headers['content-security-policy']).toContain("connect-src 'self' https://mcp.example.com; ");
      const status = await harness.admin.ask<{ proxyUrl: string }>('GET', '/status');
      expect(status.proxyUrl).toBe('https://mcp.example.com/lethe');
    } finally {
      await harness.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the console of administrators with an OpenID Connect issuer', () => {
  let issuer: AdminIssuer;
  let folder: string;
  beforeAll(async () => {
    folder = makeConsole();
    issuer = await startAdminIssuer({});
  });
  afterAll(async () => {
    await issuer?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const settings = () => ({
    LETHE_ADMIN_OIDC_ISSUER: issuer.issuer,
    LETHE_ADMIN_OIDC_AUDIENCE: 'urn:lethe',
    LETHE_ADMIN_OIDC_ROLES: 'groups:*=viewer',
    LETHE_CONSOLE_OIDC_CLIENT_ID: 'lethe-console',
    LETHE_CONSOLE_OIDC_SCOPE: 'openid profile',
  });

  it('is told where they sign in, and may exchange a code there', async () => {
    verifies('console.sign-in');
    const harness = await RegistryHarness.start(KIND, settings(), testTrust(), { consoleFolder: folder });
    try {
      const { body } = await raw(harness.url, '/v1/sign-in');
      expect(JSON.parse(body.toString())).toEqual({
        oidc: {
          issuer: issuer.issuer,
          clientId: 'lethe-console',
          scope: 'openid profile',
          authorizationEndpoint: `${issuer.issuer}/auth`,
          tokenEndpoint: `${issuer.issuer}/token`,
          namesIssuer: true,
          idTokenAlgorithms: ['ES256'],
        },
      });
      const { headers } = await raw(harness.url, '/console/');
      expect(headers['content-security-policy']).toContain(`connect-src 'self' ${issuer.issuer}; `);
    } finally {
      await harness.stop();
    }
  });

  it('is served, with the endpoints left open, while the issuer can not be reached', async () => {
    verifies('console.sign-in');
    const away = await startAdminIssuer({});
    await away.close();
    const env = { ...settings(), LETHE_ADMIN_OIDC_ISSUER: away.issuer };
    const harness = await RegistryHarness.start(KIND, env, testTrust(), { consoleFolder: folder });
    try {
      const { body } = await raw(harness.url, '/v1/sign-in');
      const endpoints = { authorizationEndpoint: null, tokenEndpoint: null };
      expect(JSON.parse(body.toString())).toMatchObject({ oidc: { issuer: away.issuer, ...endpoints } });
      expect((await raw(harness.url, '/console/')).headers['content-security-policy']).toContain("connect-src 'self';");
    } finally {
      await harness.stop();
    }
  });
});

describe('a console that is switched off', () => {
  it('is not there, nor is anything of it', async () => {
    verifies('console.off');
    const folder = makeConsole();
    const env = { LETHE_CONSOLE: 'off' };
    const harness = await RegistryHarness.start(KIND, env, testTrust(), { consoleFolder: folder });
    try {
      const unknown = (await raw(harness.url, '/nothing', { accept: 'text/html' })).headers;
      const paths = [
        '/',
        '/console',
        '/console/',
        '/console/assets/index-0a1b2c3d.js',
        '/console/servers/x',
        '/v1/sign-in',
      ];
      for (const path of paths)
        for (const method of ['GET', 'POST', 'HEAD']) {
          const { status, headers } = await raw(harness.url, path, { method, accept: 'text/html' });
          expect([path, status, Object.keys(headers)]).toEqual([path, 404, Object.keys(unknown)]);
        }
      const document = await (await fetch(`${harness.url}/openapi.json`)).text();
      expect(document).not.toContain('sign-in');
      expect(await harness.admin.ask('GET', '/status')).toMatchObject({ hasConsole: false });
    } finally {
      await harness.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the settings of a registry', () => {
  it('are shown to administrators without any secret of them', async () => {
    verifies('console.settings');
    const secret = `s3cret-${'x'.repeat(8)}-${process.pid}`;
    const env = {
      DATABASE_URL: `postgres://lethe:${secret}@127.0.0.1:9/lethe`,
      NATS_URL: `nats://registry:${secret}@127.0.0.1:9`,
      LETHE_TRUSTED_PROXIES: '192.0.2.0/24',
    };
    const harness = await RegistryHarness.start(KIND, env);
    try {
      const { status, body, headers } = await harness.admin.request<{ items: Record<string, unknown>[] }>(
        'GET',
        '/settings',
      );
      expect(status).toBe(200);
      expect(JSON.stringify([body, [...headers]])).not.toContain(secret);
      const shown = new Map(body.items.map((item) => [item['name'], item]));
      for (const name of ['DATABASE_URL', 'NATS_URL'])
        expect(shown.get(name)).toMatchObject({ value: null, isSet: true, isSecret: true, isDefault: false });
      expect(shown.get('LETHE_TRUSTED_PROXIES')).toMatchObject({
        value: '192.0.2.0/24',
        default: '',
        isDefault: false,
      });
      expect(shown.has('PROXY_PORT')).toBe(false);
      const viewer = await harness.admin.ask<{ token: string }>('POST', '/admins', { name: 'V', role: 'editor' });
      const authorization = `Bearer ${viewer.token}`;
      expect((await fetch(`${harness.url}/v1/settings`, { headers: { authorization } })).status).toBe(403);
      expect((await fetch(`${harness.url}/v1/settings`)).status).toBe(401);
    } finally {
      await harness.stop();
    }
  });
});
