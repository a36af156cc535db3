import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUCKETS, type KeptEntry } from '@lethe/contracts';
import { readSettings, type RunningService } from '@lethe/platform';
import { newKeptKey, openKept, readKept } from '@lethe/sealing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startProxy } from '../../apps/proxy/src/proxy.app.js';
import { verifies } from '../requirements.js';
import { operationsPage, shellBlocks } from '../support/pages/page.js';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';
import { runLethe } from '../support/run-lethe.js';

const SECRET = `service-key-${randomUUID()}`;
const ON = { LETHE_KEPT_CREDENTIALS: 'on' };

describe('the lethe command for credentials that are kept', () => {
  let harness: RegistryHarness;
  let proxy: RunningService;
  let gateway: { id: string; slug: string };
  beforeAll(async () => {
    harness = await RegistryHarness.start('embedded', ON);
    const settings = readSettings({ LETHE_HOME: harness.home, PROXY_PORT: '0', LETHE_LOG_LEVEL: 'silent', ...ON });
    // Commands wait until the proxies serve a change.
    proxy = await startProxy({ settings, bus: { broker: harness.broker, service: 'proxy' }, trust: harness.trust });
  });
  afterAll(async () => {
    await proxy?.close();
    await harness?.stop();
  });
  beforeEach(async () => {
    gateway = await harness.gateway();
    await harness.verified(gateway.id, [tool('a')]);
  });

  const lethe = async (argv: string[], input?: string) => {
    const { home, url, admin } = harness;
    const env = { LETHE_URL: url, LETHE_TOKEN: admin.token, LETHE_HOME: home, XDG_CONFIG_HOME: join(home, 'config') };
    const ran = await runLethe(argv, env, home, input);
    expect(ran.out + ran.err).not.toContain(SECRET);
    return ran;
  };
  const keep = (...argv: string[]) => lethe(['keep', gateway.slug, '--credential-stdin', ...argv], `${SECRET}\n`);
  const shown = () =>
    harness.admin.ask<{ kept: { keptRevision: number; until: string } | null }>('GET', `/gateways/${gateway.id}`);
  const fingerprint = () => harness.trust.keptIdentity()?.fingerprint ?? '';

  it('keeps what was asked for, sealed for the URL that is shown, and says to whom and until when', async () => {
    verifies('cli.kept');
    const { code, out, err } = await keep('--bearer', '--until', '10d');
    expect([code, err]).toEqual([0, expect.stringContaining(`First use of ${harness.url}`)]);
    for (const text of [fingerprint(), `http://127.0.0.1:9/${gateway.slug}/mcp`, (await shown()).kept?.until])
      expect(out).toContain(text);
    expect(err).toContain(`lethe edit <server> --credentials ${gateway.slug}=callers-then-kept`);
    const jws = harness.published(BUCKETS.kept, gateway.id) ?? '';
    const { sealed } = await harness.trust.verify<KeptEntry>('kept', jws);
    const { exp } = readKept(sealed ?? '');
    expect(exp * 1_000 - Date.now()).toBeLessThanOrEqual(864_000_000);

    const again = await keep('--json');
    expect(again.err).toContain('It takes the place of the one that first administrator kept');
    expect(again.err).not.toContain('First use');
    expect(JSON.parse(again.out)).toMatchObject({ gateway: { slug: gateway.slug }, kept: { keptRevision: 2, state: 'usable' }, fingerprint: fingerprint() }); // prettier-ignore
    const show = await lethe(['show', gateway.slug]);
    expect(show.out).toMatch(/^kept credential +usable, until 20\S+, by first administrator$/m);
  });

  it('keeps no token that is bound to a key, which nobody could sign for', async () => {
    verifies('cli.kept');
    const bound = [{ header: 'Authorization', scheme: 'dpop' }, { header: 'DPoP' }];
    gateway = await harness.gateway({ passthroughHeaders: bound });
    await harness.verified(gateway.id, [tool('a')]);
    const { code, err } = await keep();
    expect([code === 0, err]).toEqual([false, expect.stringMatching(/bound to their keys[^]*--bearer[^]*/)]);
    expect(await keep('--bearer')).toMatchObject({ code: 0, err: expect.stringContaining('callers send Authorization (dpop)') });
  }); // prettier-ignore

  it('seals for no other key than the one that is pinned, before anything is asked for', async () => {
    verifies('cli.kept');
    const path = join(harness.home, 'config', 'lethe', 'known-kept-keys.json');
    await keep('--bearer');
    const other = newKeptKey().fingerprint;
    await writeFile(path, JSON.stringify({ registries: { [harness.url]: [other] } }));
    const refused = await keep('--bearer');
    expect([refused.code, refused.err]).toEqual([5, expect.stringContaining('--kept-fingerprint')]);
    expect(refused.err).not.toContain('The credential is for');
    const wrong = await keep('--bearer', '--kept-fingerprint', other);
    expect([wrong.code, wrong.err]).toEqual([5, expect.stringContaining(`of --kept-fingerprint: ${other}`)]);
    expect((await shown()).kept?.keptRevision).toBe(1);
    expect((await keep('--bearer', '--kept-fingerprint', fingerprint())).code).toBe(0);
    expect((await keep('--bearer')).code).toBe(0);
  });

  it('keeps OAuth client credentials, and says where proxies get the token', async () => {
    verifies('cli.kept');
    const client = ['--oauth-client-id', 'me', '--token-url', 'https://login.example/token'];
    const { code, out } = await keep(...client, '--oauth-scope', 'a b');
    expect([code, out]).toEqual([0, expect.stringContaining('https://login.example/token')]);
    const { sealed } = await harness.trust.verify<KeptEntry>('kept', harness.published(BUCKETS.kept, gateway.id) ?? '');
    const { gatewayId, url, digest, configRevision, keptRevision } = readKept(sealed ?? '');
    const target = { gatewayId, url, digest, configRevision, keptRevision };
    expect(await openKept(sealed ?? '', harness.trust.keptRing()!, target, new Date())).toMatchObject({
      credential: {
        ...{ scheme: 'oauth_client_credentials', tokenUrl: 'https://login.example/token', clientId: 'me' },
        ...{ clientSecret: SECRET, scope: 'a b' },
      },
    });
    expect((await keep(...client, '--bearer')).code).toBe(2);
    expect((await keep('--oauth-client-id', 'me', '--token-url', 'http://login.example/token')).code).toBe(2);
  });

  it('forgets, after a question', async () => {
    verifies('cli.kept');
    verifies('kept.receipt');
    await keep('--bearer');
    expect((await lethe(['forget', gateway.slug])).code).toBe(2);
    const { code, out } = await lethe(['forget', gateway.slug, '--yes']);
    expect([code, out]).toEqual([0, expect.stringContaining(`Forgot the credential that was kept for ${gateway.slug}`)]); // prettier-ignore
    expect((await lethe(['show', gateway.slug])).out).toMatch(
      new RegExp(`^credential +once.*lethe keep ${gateway.slug}$`, 'm'),
    );
    const edit = await lethe(['edit', gateway.slug, 'credential=kept']);
    expect([edit.code, edit.err]).toEqual([2, expect.stringContaining(`lethe keep ${gateway.slug}`)]);
    const { forgotten } = await harness.admin.ask<{ forgotten: { receipt: string } }>('GET', `/gateways/${gateway.id}/kept-credential`); // prettier-ignore
    for (const text of [forgotten.receipt, 'by first administrator', 'every proxy that is known has dropped it']) expect(out).toContain(text); // prettier-ignore
    expect((await shown()).kept).toBeNull();
    expect((await lethe(['forget', gateway.slug])).out).toContain('Nothing is kept');
    await harness.admin.ask('POST', '/servers', {
      ...{ name: 'Only', slug: `only-${gateway.slug}`, access: 'key', include: [{ gateway: gateway.slug }] },
      ...{ grants: [{ role: 'eng', gateways: [gateway.slug] }], credentials: [{ gateway: gateway.slug, use: 'kept' }] },
    });
    const explain = () => lethe(['explain', `only-${gateway.slug}`, 'a', '--role', 'eng']);
    expect((await explain()).out).toMatch(/refused:[^]*kept_unusable[^]*none is kept/);
    await keep('--bearer');
    expect((await explain()).out).toMatch(/let through[^]*is sent: usable, until 20\S+, kept by first administrator/);
    expect((await lethe(['show', `only-${gateway.slug}`])).out).not.toContain('X-Upstream');
  });

  it('sets whose credential a virtual server uses, one gateway at a time', async () => {
    verifies('cli.kept');
    const other = await harness.gateway();
    const { slug } = await harness.admin.ask<{ slug: string }>('POST', '/servers', { name: 'Several', access: 'key' });
    const edit = (...argv: string[]) => lethe(['edit', slug, ...argv]);
    expect((await edit('--credentials', `${gateway.slug}=kept`)).code).toBe(0);
    expect((await edit('--credentials', `${other.slug}=callers-then-kept`)).code).toBe(0);
    const uses = async () => (await harness.admin.ask('GET', `/servers/${slug}`))['credentials'];
    expect(await uses()).toEqual([{ gateway: gateway.slug, use: 'kept' }, { gateway: other.slug, use: 'callers-then-kept' }]); // prettier-ignore
    expect((await edit('--credentials', `${gateway.slug}=callers`)).code).toBe(0);
    expect(await uses()).toEqual([{ gateway: other.slug, use: 'callers-then-kept' }]);
    for (const wrong of ['kept', `${gateway.slug}=mine`]) expect((await edit('--credentials', wrong)).code).toBe(2);
    expect((await lethe(['edit', gateway.slug, '--credentials', `${gateway.slug}=kept`])).code).toBe(2);
  });

  it('says which step of the way to a kept credential is missing', async () => {
    verifies('cli.kept-steps');
    gateway = await harness.gateway({ passthroughHeaders: [{ header: 'Authorization', scheme: 'bearer', required: true }] }); // prettier-ignore
    await harness.verified(gateway.id, [tool('a')]);
    const { slug } = gateway;
    const team = `team-${slug}`;
    await harness.admin.ask('POST', '/servers', {
      name: team,
      slug: team,
      access: 'key',
      include: [{ gateway: slug }],
    });
    const use = () => lethe(['edit', team, '--credentials', `${slug}=callers-then-kept`]);
    expect((await use()).err).toContain(`lethe keep ${slug}`);
    const wrongKind = await keep('--header', 'X-Other');
    expect(wrongKind.err).toMatch(
      /Warning: The kept credential sends .*X-Other.*; callers send .*[^]*It was not tried/,
    );
    expect(wrongKind.err).toMatch(/no grant for a role names this gateway\. To do: lethe edit/);
    const todo = /To do: lethe edit \S+ '(.*)'$/m.exec((await use()).err)?.[1] ?? '';
    expect(JSON.parse(todo.replace('grants=', ''))).toEqual([{ role: '*' }, { role: '<role>', gateways: [slug] }]);
    const shownHeaders = async (...argv: string[]) => (await lethe(argv)).out.match(/X-Up.*(required|optional)/)?.[1];
    expect(await shownHeaders('show', team)).toBe('required');
    expect(await lethe(['edit', team, todo.replace('<role>', 'eng')])).toMatchObject({ code: 0, err: '' });
    // Who may use the kept one needs no credential, and nobody else is told so.
    expect(await shownHeaders('show', team)).toBe('optional');
    expect(await shownHeaders('key', team, '--role', 'eng')).toBe('optional');
    expect(await shownHeaders('key', team)).toBe('required');
    expect(await shownHeaders('explain', team, 'a', '--role', 'eng')).toBe('optional');
    expect(await shownHeaders('explain', team, 'a')).toBe('required');
    expect((await lethe(['connect', team, '--client', 'claude-code'])).err).toContain('Optional: leave out');
    expect((await lethe(['edit', slug, 'url=http://127.0.0.1:9/other'])).err).toContain(`After it: lethe keep ${slug}`);
    await harness.verified(gateway.id, [tool('a')]);
    expect((await lethe(['explain', team, 'a', '--role', 'eng'])).out).toMatch(
      /can not be sent: it was sealed for another URL.*: lethe keep/,
    );
    const open = await harness.admin.ask<{ slug: string }>('POST', '/servers', { name: 'Anybody', access: 'open' });
    expect((await lethe(['edit', open.slug, '--credentials', `${slug}=kept`])).err).toContain(
      'anybody may call an open',
    );
  });

  it('says which proxies use no kept credentials', async () => {
    verifies('cli.kept-steps');
    const settings = readSettings({ LETHE_HOME: harness.home, PROXY_PORT: '0', LETHE_LOG_LEVEL: 'silent' });
    const bus = { broker: harness.broker, service: 'proxy' } as const;
    const closed = await startProxy({ settings, bus, trust: harness.trust });
    try {
      const text = /The proxies on \S+ use no kept credentials[^]*LETHE_KEPT_CREDENTIALS/;
      expect((await keep('--bearer')).err).toMatch(text);
      expect((await lethe(['doctor'])).out).toMatch(text);
      const team = `closed-${gateway.slug}`;
      await harness.admin.ask('POST', '/servers', {
        ...{ name: team, slug: team, access: 'key', include: [{ gateway: gateway.slug }] },
        ...{
          credentials: [{ gateway: gateway.slug, use: 'kept' }],
          grants: [{ role: 'eng', gateways: [gateway.slug] }],
        },
      });
      expect((await lethe(['explain', team, 'a', '--role', 'eng'])).out).toMatch(/ uses no kept credentials$/m);
    } finally {
      await closed.close();
    }
  });

  it('does what the page says, command by command', { timeout: 60_000 }, async () => {
    verifies('cli.kept');
    const trust = join(harness.home, 'trust-of-the-page');
    expect((await lethe(['trust', 'init', trust])).code).toBe(0);
    const robots = await harness.gateway({ slug: 'robots' });
    await harness.verified(robots.id, [tool('move')]);
    const { id } = await harness.gateway({ slug: 'weather' });
    await harness.verified(id, [tool('echo')]);
    await harness.admin.ask('POST', '/servers', {
      name: 'Team',
      slug: 'team',
      access: 'key',
      include: [{ gateway: id }],
    });
    const lines = [...shellBlocks(operationsPage('kept-credentials')).values()].flatMap((block) => block.match(/^lethe .*$/gm) ?? []); // prettier-ignore
    expect(lines.length).toBeGreaterThan(8);
    // A variable that is not set stands for the folder that the command would take without it.
    expect((await lethe(['trust', 'show', ''])).out).toBe((await lethe(['trust', 'show'])).out);
    const printed = new Map<string, string>();
    for (const line of lines) {
      const [command = '', file] = line.replace('"$LETHE_TRUST"', trust).split(' <');
      const argv = (command.match(/'[^']*'|\S+/g) ?? []).slice(1).map((word) => word.replaceAll("'", ''));
      const { code, out } = await lethe(argv, file && `${SECRET}\n`);
      expect([line, code]).toEqual([line, 0]);
      printed.set(argv.slice(0, 2).join(' '), out);
    }
    expect(printed.get('trust show')).toMatch(/^ +kept +active +[\w-]{43}$/m);
    expect(printed.get('explain team')).toContain('or else the kept one, is sent: usable, until 20');
    expect(printed.get('audit --operation')).toContain('keepCredential');
  });

  it('takes no secret on the command line, and no credential that proxies can not keep', async () => {
    verifies('cli.kept');
    expect((await lethe(['keep', gateway.slug, '--bearer', 'abc'])).code).toBe(2);
    for (const until of ['91d', '2020-01-01'])
      expect((await keep('--bearer', '--until', until)).err).toContain('in the future, and at most 90 days');
    expect((await keep('--bearer', '--basic', 'user')).code).toBe(2);
    const unverified = await harness.gateway();
    const { code, err } = await lethe(['keep', unverified.slug, '--bearer', '--credential-stdin'], `${SECRET}\n`);
    expect([code, err]).toEqual([3, expect.stringContaining(`lethe verify ${unverified.slug}`)]);
  });
});
