import type { OAuthFacts, PassthroughMapping } from '@lethe/contracts';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { tool } from '../support/published-routes.js';
import { servedBy } from '../support/calls.js';

const ISSUER = 'https://login.example';
const OAUTH: OAuthFacts = {
  resource: 'https://up.example/mcp',
  scope: 'read',
  scopes: ['read', 'write'],
  servers: [
    { issuer: ISSUER, registration: [], device: true, dpop: true },
    { issuer: 'https://other.example', registration: ['dynamic'] },
  ],
};
const TOKEN: PassthroughMapping = { header: 'Authorization', scheme: 'bearer' };

describeProxies('what callers are told of upstreams', 1, ({ proxies, publish }) => {
  const serve = (mappings: PassthroughMapping[], more: { oauthClient?: { issuer: string; clientId: string } } = {}) =>
    publish({
      access: 'key',
      gateways: [
        { slug: 'up', url: 'http://127.0.0.1:9/mcp?secret=CANARY', items: [tool('echo')], facts: { oauth: OAUTH }, mappings, ...more },
      ],
    }); // prettier-ignore

  it('is how to get a token, with the client of the gateway, where they can send one; and to nobody else', async () => {
    verifies('proxy.tells-oauth');
    const { url, manifest } = await serve([TOKEN], { oauthClient: { issuer: ISSUER, clientId: 'lethe-team' } });
    const key = await proxies.routes.key([manifest.id]);
    await servedBy(proxies.url, manifest.slug, key);
    const ask = (headers: Record<string, string>) => fetch(url.replace(/mcp$/, 'upstreams'), { headers });
    const own = { authorization: `Bearer ${key}` };
    const admitted = await ask(own);
    const [first, ...others] = OAUTH.servers;
    const told = { ...OAUTH, servers: [{ ...first, clientId: 'lethe-team' }, ...others] };
    const body = Object(await admitted.json());
    expect(body.items[0].oauth).toEqual(told);
    expect(body.items[0]).not.toHaveProperty('url');
    const etag = admitted.headers.get('etag') ?? '';
    const again = await ask({ ...own, 'if-none-match': `"other", ${etag}` });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await ask({ ...own, 'if-none-match': '"other"' })).status).toBe(200);
    const refused = await ask({ 'if-none-match': etag });
    expect([refused.status, await refused.text()]).toEqual([401, expect.not.stringContaining('example')]);
    // Another client is another answer.
    const { gateways, ...rest } = manifest;
    const changed = gateways.map((gateway) => ({ ...gateway, oauthClient: { issuer: ISSUER, clientId: 'other' } }));
    proxies.routes.putManifest(
      manifest.slug,
      await proxies.routes.sign({ ...rest, gateways: changed, revision: manifest.revision + 1_000 }),
    );
    await eventually(async () => expect((await ask({ ...own, 'if-none-match': etag })).status).toBe(200));
  });

  it('is no login where they can send no token, and the URL where a proof of possession names it', async () => {
    verifies('proxy.tells-oauth');
    const cases: [PassthroughMapping[], { oauth: boolean; url: boolean }][] = [
      [[{ header: 'Authorization', scheme: 'basic' }], { oauth: false, url: false }],
      [[{ header: 'X-Api-Key' }], { oauth: false, url: false }],
      [[{ header: 'authorization' }], { oauth: true, url: false }],
      [[TOKEN, { header: 'DPoP' }], { oauth: true, url: true }],
    ];
    for (const [mappings, expected] of cases) {
      const { url, manifest } = await serve(mappings);
      const key = await proxies.routes.key([manifest.id]);
      await servedBy(proxies.url, manifest.slug, key);
      const answer = await fetch(url.replace(/mcp$/, 'upstreams'), { headers: { authorization: `Bearer ${key}` } });
      const text = await answer.text();
      const [item] = Object(JSON.parse(text)).items;
      expect({ oauth: 'oauth' in item, url: 'url' in item }).toEqual(expected);
      if (expected.url) expect(item.url).toBe('http://127.0.0.1:9/mcp');
      expect(text).not.toContain('CANARY');
    }
  });
});
