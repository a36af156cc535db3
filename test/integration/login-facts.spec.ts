import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { describeLogins } from '../support/login/describe-logins.js';
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
