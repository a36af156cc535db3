import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { type AuthorizationServer, startAuthorizationServer } from '../support/authorization-server.js';
import { eventually } from '../support/eventually.js';
import { legacy } from '../support/proxy/rpc.js';
import { startModernUpstream } from '../support/upstreams/index.js';
import { startWholeLethe, type WholeLethe } from '../support/whole-lethe.js';

/** Registry, connector and proxy, each real: what one seals, stores and compares is what the next one expects. */
describe('a credential that is kept, from its sealing to its deletion', () => {
  const [registered, kept, secret] = [`reg_${randomUUID()}`, `kept_${randomUUID()}`, `secret_${randomUUID()}`];
  let lethe: WholeLethe;
  let isAccepted = true;
  let server: AuthorizationServer;
  let upstream: Awaited<ReturnType<typeof startModernUpstream>>;
  beforeAll(async () => {
    lethe = await startWholeLethe({ LETHE_KEPT_CREDENTIALS: 'on' });
    upstream = await startModernUpstream({
      name: 'up',
      accepts: ({ authorization = '' }) =>
        authorization === `Bearer ${registered}` ||
        (isAccepted && authorization === `Bearer ${kept}`) ||
        server.isValid(authorization.slice('Bearer '.length)),
    });
    server = await startAuthorizationServer([
      { client_id: 'me', client_secret: secret, token_endpoint_auth_method: 'client_secret_post' },
    ]);
  });
  afterAll(async () => {
    await server?.close();
    await upstream?.close();
    await lethe?.close();
  });

  it('serves the caller whom a grant names, as explain says, and nobody once it is gone', async () => {
    verifies('kept.granted-only');
    verifies('kept.forgotten');
    const passthroughHeaders = [{ header: 'Authorization', scheme: 'bearer' }, { header: 'X-Team' }];
    const { id } = await lethe.admin.register({ name: 'up', url: upstream.url, passthroughHeaders }, registered);
    await lethe.admin.keep(id, { scheme: 'bearer', token: kept }, 1);
    await lethe.admin.ask('POST', '/servers', {
      ...{ name: 'weather', access: 'key', eras: 'both', include: [{ gateway: 'up' }] },
      grants: [{ role: '*' }, { role: 'eng', gateways: ['up'] }],
      credentials: [{ gateway: 'up', use: 'kept' }],
    });
    const keyWith = (roles: string[]) =>
      lethe.admin.ask<{ id: string; key: string }>('POST', '/keys', { name: 'k', servers: '*', roles });
    const [eng, other] = [await keyWith(['eng']), await keyWith([])];
    const call = ({ key }: { key: string }) =>
      legacy(`${lethe.proxyUrl}/servers/weather/mcp`, 'tools/call', { name: 'echo', arguments: { text: 'x' } }, { authorization: `Bearer ${key}` }); // prettier-ignore
    const explained = ({ id: key }: { id: string }) =>
      lethe.admin.ask('POST', '/servers/weather/explain', { kind: 'tool', name: 'echo', key });

    await eventually(async () => expect((await call(eng)).body.result.content[0]?.text).toContain('x'));
    expect(upstream.received.at(-1)?.headers.authorization).toBe(`Bearer ${kept}`);
    expect(await explained(eng)).toMatchObject({ allowed: true, kept: { use: 'kept', isGranted: true, grant: 1, state: 'usable' } }); // prettier-ignore
    const before = upstream.received.length;
    expect((await call(other)).text).toContain('kept_not_granted');
    expect(upstream.received).toHaveLength(before);
    expect(await explained(other)).toMatchObject({ allowed: false, reasons: [{ code: 'kept_not_granted' }], kept: { isGranted: false } }); // prettier-ignore

    const connect = await lethe.admin.ask('GET', '/servers/weather/connect?client=cursor');
    expect(JSON.stringify(connect)).not.toMatch(/X-Upstream/i);
    verifies('kept.told');
    isAccepted = false;
    expect((await call(eng)).text).toContain('kept_credential_rejected');
    const rejectedAt = async () => (await lethe.admin.ask<{ kept: { rejectedAt: string } }>('GET', `/gateways/${id}`)).kept.rejectedAt; // prettier-ignore
    await expect.poll(rejectedAt, { timeout: 20_000 }).toMatch(/Z$/);
    isAccepted = true;

    const client = { tokenUrl: server.tokenUrl, clientId: 'me', clientSecret: secret } as const;
    await lethe.admin.keep(id, { scheme: 'oauth_client_credentials', method: 'client_secret_post', ...client }, 2);
    await eventually(async () => {
      expect((await call(eng)).body.result.content[0]?.text).toContain('x');
      expect(server.issued).toContain(upstream.received.at(-1)?.headers.authorization?.slice('Bearer '.length));
    });

    await lethe.admin.ask('DELETE', `/gateways/${id}/kept-credential`, undefined, { prefer: 'wait=5' });
    const last = upstream.received.length;
    const after = await call(eng);
    expect(after.text).not.toContain('"x"');
    expect(upstream.received.slice(last).flatMap(({ headers }) => headers.authorization ?? [])).toEqual([]);
    expect(await explained(eng)).toMatchObject({ allowed: false, reasons: [{ code: 'kept_unusable' }], kept: { state: 'none' }, headers: [] }); // prettier-ignore
  });
});
