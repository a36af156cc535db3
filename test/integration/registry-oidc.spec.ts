import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { Admin } from '../support/admin.js';
import { type AdminIssuer, startAdminIssuer } from '../support/admin-issuer.js';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

const GROUPS = { root: ['staff', 'platform-admins'], deployer: ['platform'], stranger: ['sales'], nobody: undefined };

const settings = (issuer: string, roles = 'groups:platform-admins=admin,platform=editor') => ({
  LETHE_ADMIN_OIDC_ISSUER: issuer,
  LETHE_ADMIN_OIDC_AUDIENCE: 'urn:lethe',
  LETHE_ADMIN_OIDC_ROLES: roles,
  LETHE_TRUSTED_PROXIES: '127.0.0.1',
});
const nowSeconds = () => Math.floor(Date.now() / 1_000);

describe('administrators of an OpenID Connect issuer', () => {
  let issuer: AdminIssuer;
  let harness: RegistryHarness;
  beforeAll(async () => {
    issuer = await startAdminIssuer(GROUPS);
    harness = await RegistryHarness.start('embedded', settings(issuer.issuer));
  });
  afterAll(async () => {
    await harness?.stop();
    await issuer?.close();
  });

  const as = (token: string) => new Admin(harness.url, token);
  let host = 0;
  /** Each from another address, so that no failure makes another one wait. */
  const me = (token: string) => {
    const headers = { 'x-forwarded-for': `192.0.2.${(host += 1)}` };
    return as(token).request<Record<string, unknown>>('GET', '/admins/me', undefined, headers);
  };

  it('have the role that their groups give', async () => {
    verifies('admin.oidc');
    const root = await me(await issuer.token('root'));
    expect(root).toMatchObject({ status: 200, body: { kind: 'oidc', role: 'admin', name: 'The client root' } });
    expect(new Date(String(root.body['expiresAt'])).getTime()).toBeGreaterThan(Date.now());
    const deployer = as(await issuer.token('deployer'));
    expect((await deployer.request('GET', '/admins')).body).toMatchObject({ code: 'role_required', role: 'admin' });
    expect(await deployer.createGateway({ name: 'by-oidc', url: 'http://127.0.0.1:9/oidc' })).toBeDefined();
  });

  it('without such a group are refused and recorded, once a minute', async () => {
    verifies('admin.oidc');
    for (const name of ['stranger', 'stranger', 'nobody']) {
      const refused = await me(await issuer.token(name));
      expect(refused).toMatchObject({ status: 403, body: { code: 'role_required', role: 'viewer' } });
    }
    const query = '/audit?operation=whoami';
    const { items } = await harness.admin.ask<{ items: { actor: object; outcome: string }[] }>('GET', query);
    expect(items).toHaveLength(2);
    expect(items[1]).toMatchObject({
      outcome: 'role_required',
      actor: { kind: 'oidc', id: 'oidc:stranger', name: 'The client stranger' },
    });
    expect(items[1]!.actor).not.toHaveProperty('role');
  });

  it('verify a gateway, and have what they did in the audit log', async () => {
    verifies('admin.oidc');
    const root = as(await issuer.token('root'));
    const { id } = await harness.gateway();
    const verification = await root.startVerification(id);
    const sealed = await root.seal(verification, { scheme: 'bearer', token: 'a-token-of-the-upstream' });
    expect((await root.putCredential(verification, sealed)).status).toBe(202);
    await harness.connector.verify(verification.id, { items: [tool('a')] });
    expect(await root.finished(id, verification.id)).toMatchObject({ state: 'verified' });
    const { items } = await root.ask<{ items: { operation: string }[] }>('GET', '/audit?actor=oidc:root');
    // Begun, sent, ended; and what the gateway serves since.
    expect(items).toHaveLength(4);
    expect(items.slice(0, 2).map(({ operation }) => operation)).toEqual(Array(2).fill('verification.verified'));
  });

  it('are not known by a token that the issuer did not sign, or not for this', async () => {
    verifies('admin.oidc');
    const other = await startAdminIssuer(GROUPS);
    const claims = { iss: issuer.issuer, aud: 'urn:lethe', sub: 'root', groups: ['platform-admins'] };
    const exp = nowSeconds() + 60;
    const refused: [string, string, string][] = [
      ['of another issuer', await other.token('root'), 'token_signature'],
      ['for another audience', await issuer.token('root', 'urn:other'), 'token_audience'],
      ['that names another issuer', await issuer.sign({ ...claims, iss: other.issuer }), 'token_issuer'],
      ['that has expired', await issuer.sign({ ...claims, exp: nowSeconds() - 31 }), 'token_expired'],
      ['without an expiry', await issuer.sign({ ...claims, exp: undefined }), 'token_incomplete'],
      ['without a subject', await issuer.sign({ ...claims, sub: undefined }), 'token_incomplete'],
      ['that begins later', await issuer.sign({ ...claims, nbf: nowSeconds() + 60 }), 'token_too_early'],
      ['without a signature', new UnsecuredJWT({ ...claims, exp }).encode(), 'token_signature'],
      ['signed with a public text', await publicly({ ...claims, exp }), 'token_signature'],
      ['that was cut', (await issuer.token('root')).slice(0, -8), 'token_signature'],
      ['that is none', 'x.y.z', 'token_malformed'],
    ];
    for (const [what, token, why] of refused)
      expect([what, await me(token)]).toEqual([what, expect.objectContaining({ status: 401, body: expect.objectContaining({ why }) })]); // prettier-ignore
    expect((await me(await issuer.sign({ ...claims, exp: nowSeconds() - 20 }))).status).toBe(200);
    await other.close();
  });

  /** HS256 with what the issuer tells everybody: a verifier that trusts the header would accept it. */
  const publicly = async (claims: Record<string, unknown>): Promise<string> => {
    const { jwks_uri: uri } = (await (await fetch(`${issuer.issuer}/.well-known/openid-configuration`)).json()) as {
      jwks_uri: string;
    };
    const { keys } = (await (await fetch(uri)).json()) as { keys: { kid: string; x: string }[] };
    const header = { alg: 'HS256', kid: keys[0]!.kid };
    return new SignJWT(claims).setProtectedHeader(header).sign(Buffer.from(JSON.stringify(keys[0])));
  };

  it('are known by the new key of the issuer, and no longer by the old one', async () => {
    verifies('admin.oidc');
    const before = await issuer.token('root');
    expect((await me(before)).status).toBe(200);
    await issuer.rotate();
    const after = await issuer.token('root');
    await expect.poll(async () => (await me(after)).status, { timeout: 10_000, interval: 500 }).toBe(200);
    expect((await me(before)).body).toMatchObject({ why: 'token_signature' });
  });

  it('do not stand in the way of tokens of Lethe, and are named where one is missing', async () => {
    expect((await me(harness.admin.token)).status).toBe(200);
    expect((await me(harness.admin.token.replace('admin', 'key'))).body).toMatchObject({
      why: 'caller_key',
      detail: expect.stringContaining("an access token of the administrators' issuer"),
    });
  });
});

describe('an issuer that is down', () => {
  it('keeps no registry from starting and no token of Lethe out, and is asked again', { timeout: 60_000 }, async () => {
    verifies('admin.oidc');
    const away = await startAdminIssuer(GROUPS);
    const { issuer } = away;
    await away.close();
    const harness = await RegistryHarness.start('embedded', settings(issuer, 'groups:platform=editor,*=viewer'));
    try {
      const me = (token: string) => new Admin(harness.url, token).request<Record<string, unknown>>('GET', '/admins/me');
      expect((await me(harness.admin.token)).status).toBe(200);
      for (let at = 0; at < 12; at += 1)
        expect(await me('a.b.c')).toMatchObject({ status: 401, body: { why: 'issuer_unreachable' } });
      const back = await startAdminIssuer(GROUPS, Number(new URL(issuer).port));
      const token = await back.token('stranger');
      await expect
        .poll(async () => (await me(token)).body['role'], { timeout: 40_000, interval: 1_000 })
        .toBe('viewer');
      await back.close();
      // Its keys are known by now.
      expect((await me(token)).status).toBe(200);
    } finally {
      await harness.stop();
    }
  });
});
