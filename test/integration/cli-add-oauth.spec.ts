import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { Browser } from '../support/login/browser.js';
import { PAGE, signIn } from '../support/login/describe-logins.js';
import { type Issuer, startIssuer } from '../support/login/issuer.js';
import { type ProtectedUpstream, startProtectedUpstream } from '../support/login/protected-upstream.js';
import { startLethe } from '../support/login/started-lethe.js';
import { startWholeLethe, type WholeLethe } from '../support/whole-lethe.js';

describe('lethe add --oauth', () => {
  let lethe: WholeLethe;
  let issuer: Issuer;
  let upstream: ProtectedUpstream;
  let home: string;
  beforeAll(async () => {
    lethe = await startWholeLethe();
    issuer = await startIssuer();
  });
  afterAll(async () => {
    await issuer?.close();
    await lethe?.close();
  });
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'lethe-add-'));
    upstream = await startProtectedUpstream('tracker', issuer);
  });
  afterEach(async () => {
    await upstream.close();
    await rm(home, { recursive: true, force: true });
  });

  const start = (...argv: string[]) => {
    const env = { LETHE_URL: lethe.admin.url, LETHE_TOKEN: lethe.admin.token, LETHE_HOME: home, HOME: home };
    return startLethe(argv, env, home);
  };
  const add = (...flags: string[]) => start('add', upstream.url, '--name', 'Tracker', '--oauth', ...flags);
  const registered = async () => (await lethe.admin.ask<{ items: { url: string }[] }>('GET', '/gateways')).items.filter(({ url }) => url === upstream.url); // prettier-ignore
  const filesOf = async (): Promise<string[]> => {
    const entries = await readdir(home, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')));
  };
  /** Nothing of a login is left: not here, and not at its authorization server. */
  const expectDropped = async (said: string): Promise<void> => {
    const seen = [...new Set(upstream.tokens)];
    expect(seen).toHaveLength(1);
    expect(await issuer.check(seen[0] ?? '', upstream.url)).toBeUndefined();
    for (const text of [said, ...(await filesOf())]) expect(text).not.toContain(seen[0]);
  };

  it('verifies with the token of a login on this machine, which is revoked after it and is in no file', async () => {
    verifies('login.registration-credential');
    const before = issuer.revoked;
    const { code, out, err } = await signIn(add(), new Browser());
    expect([code, out], err).toEqual([0, expect.stringContaining('is verified')]);
    expect(err).toContain(`A token for ${upstream.url}, from ${issuer.issuer}: used for this verification alone`);
    expect(err).toContain('were revoked');
    expect(issuer.revoked).toBeGreaterThan(before);
    await expectDropped(out + err);
    const [gateway] = await registered();
    expect(gateway).toMatchObject({ passthroughHeaders: [{ header: 'Authorization', scheme: 'bearer', required: true }] });

    // Whoever configures a client for it learns that people sign in.
    const served = await start('serve', 'Team', '--from', 'tracker').ended;
    expect([served.code, served.err]).toEqual([0, expect.stringContaining('People can sign in for tracker instead of pasting a token: lethe login team')]);
    const connect = await start('connect', 'team', '--client', 'cursor').ended;
    expect(connect.err).toContain('People sign in for tracker. Without a token to paste: lethe connect team --client cursor --way bridge');

    upstream.tokens.length = 0;
    const again = await signIn(start('verify', 'tracker', '--oauth', '--scope', 'issues:write'), new Browser());
    expect([again.code, again.out], again.err).toEqual([0, expect.stringContaining('tracker is verified')]);
    expect(issuer.granted.at(-1)?.scope ?? 'issues:write').toContain('issues:write');
    await expectDropped(again.out + again.err);
  }); // prettier-ignore

  it('signs in as the client by which people log in for the gateway', async () => {
    verifies('login.registration-credential');
    const client = { client_id: 'team', redirect_uris: ['http://127.0.0.1/callback'], application_type: 'native', grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'none' };
    const closed = await startIssuer({ registration: false, clients: [client] });
    upstream.trusts = { issuer: closed };
    const { code, err } = await signIn(add('--slug', 'closed', '--login-client-id', 'team', '--login-issuer', closed.issuer), new Browser());
    expect(code, err).toBe(0);
    expect((await signIn(start('verify', 'closed', '--oauth'), new Browser())).code).toBe(0);
    expect(closed.granted.map((one) => one.client)).toEqual(['team', 'team']);
    await closed.close();
  }); // prettier-ignore

  it('revokes the tokens also of a verification that fails, and takes the registration back', async () => {
    verifies('login.registration-credential');
    const other = await startIssuer();
    // The upstream takes no token of the authorization server that it names.
    upstream.trusts = { issuer: other, metadata: { authorization_servers: [issuer.issuer] } };
    const { code, out, err } = await signIn(add(), new Browser());
    await other.close();
    expect([code, err]).toEqual([4, expect.stringMatching(/were revoked[^]*credential_rejected[^]*taken back/)]);
    await expectDropped(out + err);
    expect(await registered()).toEqual([]);
  });

  it('ends with Ctrl-C at the page: nothing is registered, and no slot is taken', async () => {
    verifies('login.registration-credential');
    const run = add();
    await run.says(PAGE);
    process.emit('SIGINT');
    expect(await run.ended).toMatchObject({ code: 130, out: '' });
    expect([await registered(), await filesOf().then((files) => files.length)]).toEqual([[], 1]);
  });

  it('stops before anybody signs in where this machine is told another authorization server than the connector', async () => {
    verifies('login.registration-credential');
    const other = await startIssuer();
    upstream.forHere = { authorization_servers: [other.issuer] };
    const { code, err } = await add().ended;
    await other.close();
    expect([code, err]).toEqual([5, expect.stringContaining('issuer_differs')]);
    expect(err).toContain(`to the connector: ${new URL(issuer.issuer).href}`);
    expect(err).toContain(`to this machine: ${new URL(other.issuer).href}`);
    expect([other.granted, await registered()]).toEqual([[], []]);
  });

  it('says what is wrong with its flags, and where only the connector reaches the upstream', async () => {
    upstream.forHere = 'none';
    const away = await add().ended;
    expect([away.code, away.err]).toEqual([6, expect.stringContaining('upstream_unreachable')]);
    for (const flags of [['--bearer', '--scope', 'x'], ['--oauth', '--credential-stdin', '--header', 'X-Tenant'], ['--oauth', '--device', '--no-browser'], ['--oauth', '--bearer']]) {
      const { code, err } = await start('add', upstream.url, '--name', 'Tracker', ...flags).ended;
      expect([code, err]).toEqual([2, expect.stringMatching(/flags_conflict|credential_kind/)]);
    }
  }); // prettier-ignore
});
