import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import type { OAuthClient } from '@lethe/contracts';
import { Browser } from '../support/login/browser.js';
import { describeLogins, signIn } from '../support/login/describe-logins.js';
import type { Issuer } from '../support/login/issuer.js';
import { MODERN_FACTS } from '../support/published-routes.js';
import { freePort } from '../support/upstreams/loopback-server.js';

const DOCUMENT = 'https://lethe.example.com/.well-known/lethe/client.json';

describeLogins('lethe login where Lethe tells who it is', (suite) => {
  const served = async (): Promise<object> => {
    const response = await fetch(new URL('/.well-known/lethe/client.json', suite.server.url));
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'public, max-age=86400']);
    return (await response.json()) as object;
  };
  const registrationOf = async (argv: string[] = []) => {
    const { code, out, err } = await suite.login(['tracker', '--json', ...argv]);
    expect(code, err).toBe(0);
    return (JSON.parse(out) as { logins: { registration: string }[] }).logins[0]?.registration;
  };

  it('is the client that its document describes, where the authorization server reads one', async () => {
    verifies('login.document');
    const issuer = await suite.startIssuer({ documents: { [DOCUMENT]: await served() } });
    suite.upstreams[0].trusts = { issuer };
    expect(await registrationOf()).toBe('metadata-document');
    expect(issuer.granted.at(-1)?.client).toBe(DOCUMENT);
    // A refresh and a second login are of the same client.
    expect(await registrationOf(['--scope', 'issues:write'])).toBe('metadata-document');
    expect(Object.keys(await suite.headers())).toHaveLength(1);
    expect((await suite.lethe('logout', suite.server.url, 'tracker')).out).toContain('were revoked');
  });

  it('registers where the authorization server can not read the document, or takes other redirects', async () => {
    verifies('login.document');
    const fixed: Record<string, object> = { [DOCUMENT]: { ...(await served()), redirect_uris: [`http://127.0.0.1:${await freePort()}/callback`], application_type: 'web' } };
    for (const documents of [{}, fixed]) {
      const issuer = await suite.startIssuer({ documents });
      suite.upstreams[0].trusts = { issuer };
      expect(await registrationOf()).toBe('dynamic');
      expect(issuer.granted).toHaveLength(1);
      await suite.lethe('logout', suite.server.url, 'tracker', '--forget');
    }
  }); // prettier-ignore
}, { LETHE_PUBLIC_URL: 'https://lethe.example.com' }); // prettier-ignore

describeLogins('lethe login by what Lethe has verified', (suite) => {
  /** Publishes that the tracker's tokens are of this authorization server. */
  const verified = ({ issuer }: Issuer, oauthClient?: OAuthClient) => {
    const servers = [{ issuer, registration: [] }];
    const facts = { ...MODERN_FACTS, oauth: { resource: suite.upstreams[0].url, servers, scopes: ['tools'] } };
    return suite.moveTo(suite.upstreams, 'team', { facts, ...(oauthClient && { oauthClient }) });
  };
  const login = () => suite.login(['tracker']);
  const refused = async (pattern: RegExp) => {
    const { code, err } = await login();
    expect([code, err]).toEqual([5, expect.stringMatching(pattern)]);
  };

  it('needs no URL where an upstream publishes its metadata for its path alone, or for others than this machine', async () => {
    verifies('login.verified');
    await verified(suite.issuers[0]);
    suite.upstreams[0].trusts = { issuer: suite.issuers[0], onlyForPath: true };
    expect(await login()).toMatchObject({ code: 0, err: expect.stringContaining('Lethe has verified both') });
    await suite.lethe('logout', suite.server.url, 'tracker', '--forget');
    suite.upstreams[0].forHere = 'none';
    expect((await login()).code).toBe(0);
    expect(Object.keys(await suite.headers())).toEqual(['X-Upstream-tracker-Authorization']);
    // This proxy has no public URL at which an authorization server could read who it is.
    expect((await fetch(new URL('/.well-known/lethe/client.json', suite.server.url))).status).toBe(404);
  });

  it('stops where the upstream names another authorization server or resource, whatever is pinned', async () => {
    verifies('login.verified');
    const [right, other] = suite.issuers;
    suite.upstreams[0].trusts = { issuer: other };
    // Nobody had verified anything at this login.
    expect((await login()).code).toBe(0);
    await verified(right);
    const before = other.granted.length;
    const shown = `verified: ${right.issuer}\n[^]*named now: ${other.issuer}\n`;
    await refused(new RegExp(`issuer_changed[^]*${shown}`));
    await suite.lethe('logout', suite.server.url, 'tracker', '--forget');
    await refused(/issuer_changed/);
    suite.upstreams[0].trusts = { issuer: right, metadata: { resource: suite.upstreams[0].origin } };
    await refused(/resource_changed[^]*named now/);
    expect(other.granted).toHaveLength(before);
  });

  it.each(['https://bank.example/mcp', 'no URL', 'http://127.0.0.1:1/mcp'])('is for the upstream of the gateway alone, whatever is told: %s', async (resource) => {
    verifies('login.verified');
    suite.upstreams[0].forHere = 'none';
    const servers = [{ issuer: suite.issuers[0].issuer, registration: [] }];
    await suite.moveTo(suite.upstreams, 'team', { facts: { ...MODERN_FACTS, oauth: { resource, servers } } });
    await refused(/nobody was asked \(resource_mismatch\)/);
  }); // prettier-ignore

  it('says how to accept a change that an administrator has approved', async () => {
    verifies('login.verified');
    const [former, next] = suite.issuers;
    await verified(former);
    expect((await login()).code).toBe(0);
    suite.upstreams[0].trusts = { issuer: next };
    await verified(next);
    const shown = `at your first login: ${former.issuer}\n[^]*now, as Lethe has verified: ${next.issuer}\n`;
    await refused(new RegExp(`issuer_changed[^]*${shown}[^]*--forget`));
    await suite.lethe('logout', suite.server.url, 'tracker', '--forget');
    expect((await login()).code).toBe(0);
  });

  it('is for a mapping without a scheme, too, which takes any value', async () => {
    verifies('login.verified');
    const servers = [{ issuer: suite.issuers[0].issuer, registration: [] }];
    const facts = { ...MODERN_FACTS, oauth: { resource: suite.upstreams[0].url, servers, scopes: ['tools'] } };
    const mappings = [{ header: 'Authorization', required: true }];
    await suite.moveTo(suite.upstreams, 'team', { facts, mappings });
    const told = await suite.lethe('call', suite.server.url, 'echo', '{"text":"hi"}');
    expect(told.err + told.out).toContain('lethe login <server> tracker');
    expect((await login()).code).toBe(0);
    expect((await suite.headers())['X-Upstream-tracker-Authorization']).toMatch(/^Bearer \S+$/);
    expect(await suite.lethe('call', suite.server.url, 'echo', '{"text":"hi"}')).toMatchObject({ code: 0, out: 'tracker: hi\n' });
    // Of other ones nobody knows what they take.
    await suite.moveTo(suite.upstreams, 'team', { mappings });
    expect((await login()).err).toContain('gateway_unknown');
  }); // prettier-ignore

  it('is the client that an administrator has registered for everybody, with the secret of whoever has it', async () => {
    verifies('login.verified');
    const client = { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], application_type: 'native', redirect_uris: ['http://127.0.0.1/callback'] };
    const issuer = await suite.startIssuer({
      clients: [
        { ...client, client_id: 'public', token_endpoint_auth_method: 'none' },
        { ...client, client_id: 'confidential', client_secret: 'the-secret' },
      ],
    });
    suite.upstreams[0].trusts = { issuer };
    await verified(issuer, { issuer: issuer.issuer, clientId: 'public' });
    expect((await login()).code).toBe(0);
    await verified(issuer, { issuer: issuer.issuer, clientId: 'confidential' });
    const run = suite.start('login', suite.server.url, 'tracker', '--credential-stdin');
    run.stdin.end('the-secret\n');
    expect((await signIn(run, new Browser())).code).toBe(0);
    expect((await login()).code).toBe(0);
    expect(issuer.granted.map((one) => one.client)).toEqual(['public', 'confidential', 'confidential']);
    // Of which client it is, nothing says here.
    await suite.moveTo(suite.upstreams);
    const secret = suite.start('login', suite.server.url, 'tracker', '--credential-stdin');
    secret.stdin.end('the-secret\n');
    expect((await secret.ended).err).toContain('flags_conflict');
  }); // prettier-ignore
});
