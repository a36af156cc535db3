import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';
import { runLethe } from '../support/run-lethe.js';

const TOKEN = /^lethe_admin_[0-9a-f]{16}_[\w-]{43}\n$/;

describe('the lethe command for administrators', () => {
  let harness: RegistryHarness;
  beforeAll(async () => (harness = await RegistryHarness.start('embedded')));
  afterAll(() => harness?.stop());

  const as = (token: string, ...argv: string[]) =>
    runLethe(argv, { LETHE_URL: harness.url, LETHE_TOKEN: token, LETHE_HOME: harness.home }, harness.home);
  const lethe = (...argv: string[]) => harness.lethe(argv);

  it('says who asks', async () => {
    verifies('cli.administrators');
    const [, , id] = harness.admin.token.split('_');
    const said = await lethe('whoami');
    expect(said).toMatchObject({ code: 0, out: `first administrator (${id}), admin, at ${harness.url}\n` });
    expect(JSON.parse((await lethe('whoami', '--json')).out)).toMatchObject({ id, role: 'admin', url: harness.url });
    expect(await as('lethe_admin_x', 'whoami')).toMatchObject({
      code: 3,
      err: expect.stringContaining('is not known here'),
    });
  });

  it('makes, lists, rotates and removes them; a token alone goes to standard output', async () => {
    verifies('cli.administrators');
    const made = await lethe('admins', 'add', 'CI', '--role', 'viewer', '--expires', '90d');
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(TOKEN) });
    expect(made.err).toMatch(/^CI is an administrator \([0-9a-f]{16}\) with the role viewer\.\n$/);
    const token = made.out.trim();
    expect((await lethe('admins', 'ls')).out).toMatch(/^[0-9a-f]{16} +viewer +CI +never used +until 20/m);
    expect((await as(token, 'whoami')).out).toMatch(/^CI .*, viewer, until 20/);
    const refused = await as(token, 'admins', 'ls');
    expect(refused).toMatchObject({ code: 3, err: expect.stringMatching(/role_required.*role: admin/s) });

    const overlapping = await lethe('admins', 'rotate', 'CI', '--overlap', '1h');
    expect(overlapping.err).toMatch(/^The old token of CI is valid until 20/);
    expect((await as(token, 'whoami')).code).toBe(0);
    const rotated = await lethe('admins', 'rotate', 'CI');
    expect(rotated).toMatchObject({ out: expect.stringMatching(TOKEN), err: 'The old token of CI is refused now.\n' });
    for (const old of [token, overlapping.out.trim()]) expect((await as(old, 'whoami')).code).toBe(3);
    expect((await as(rotated.out.trim(), 'whoami')).code).toBe(0);

    expect(await lethe('admins', 'rm', 'CI')).toMatchObject({ code: 2, err: expect.stringContaining('Use --yes') });
    expect(await lethe('admins', 'rm', 'CI', '--yes')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Removed/),
    });
    expect((await as(rotated.out.trim(), 'whoami')).code).toBe(3);
    expect(await lethe('admins', 'rm', 'CI', '--yes')).toMatchObject({
      code: 3,
      err: expect.stringContaining('not_found'),
    });
  });

  it('asks for an id if a name is ambiguous, and refuses times, numbers and roles that are none', async () => {
    for (const _ of [1, 2]) await lethe('admins', 'add', 'Twin', '--role', 'viewer');
    expect(await lethe('admins', 'rotate', 'Twin')).toMatchObject({
      code: 2,
      err: expect.stringContaining('ambiguous'),
    });
    for (const argv of [
      ['admins', 'add', 'X', '--role', 'owner'],
      ['admins', 'add', 'X'],
      ['admins', 'add', 'X', '--role', 'viewer', '--expires', 'soon'],
      ['admins', 'rotate', 'X', '--overlap', '1'],
      ['audit', '--limit', '0'],
      ['audit', '--from', 'yesterday'],
    ])
      expect([argv, (await lethe(...argv)).code]).toEqual([argv, 2]);
  });

  it('shows who changed what', async () => {
    verifies('cli.administrators');
    const { id } = await harness.admin.ask<{ id: string }>('POST', '/servers', { name: 'Audited', slug: 'audited' });
    await harness.admin.ask('PATCH', `/servers/${id}`, { description: 'x', enabled: false });
    const shown = await lethe('audit', '--target', 'audited', '--from', '1h');
    expect(shown.out.split('\n').map((line) => line.replace(/^\d+ +\S+ +/, ''))).toEqual([
      expect.stringMatching(/^first administrator +\S+ +server audited +description, enabled$/),
      expect.stringMatching(/^first administrator +\S+ +server audited +new$/),
      '',
    ]);
    const { items } = JSON.parse((await lethe('audit', '--target', id, '--limit', '1', '--json')).out) as {
      items: object[];
    };
    expect(items).toEqual([expect.objectContaining({ after: expect.objectContaining({ description: 'x' }) })]);
    expect((await lethe('audit', '--actor', 'nobody')).out).toBe('No such entry.\n');
    expect((await lethe('audit', '--limit', '1')).err).toContain('There are more entries');
  });

  it('says whether the log is whole, and ends with an error if it is not', async () => {
    verifies('cli.administrators');
    const whole = await lethe('audit', '--verify');
    expect(whole).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^The audit log is whole up to entry \d+, [0-9a-f]{64}\n$/),
    });
    await harness.sql.query('alter table audit_entry disable trigger audit_entry_is_append_only');
    await harness.sql.query(`update audit_entry set actor_name = 'his' where seq = 2`);
    const broken = await lethe('audit', '--verify');
    expect(broken).toMatchObject({ code: 5, err: expect.stringContaining('entry 2 is not what was written') });
    expect(JSON.parse((await lethe('audit', '--verify', '--json')).out)).toMatchObject({
      state: 'broken',
      firstBroken: 2,
    });
  });
});
