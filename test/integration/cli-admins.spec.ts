import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
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

  it('changes role, expiry and switch', async () => {
    verifies('cli.administrators');
    const token = (await lethe('admins', 'add', 'Changed', '--role', 'viewer')).out.trim();
    expect((await lethe('admins', 'role', 'Changed', 'editor')).out).toMatch(
      /has the role editor, without an end\.\n$/,
    );
    expect((await lethe('admins', 'expire', 'Changed', '30d')).out).toMatch(/has the role editor, until 20/);
    expect((await as(token, 'whoami')).out).toMatch(/^Changed .*, editor, until 20/);
    expect((await lethe('admins', 'disable', 'Changed')).out).toMatch(/and is switched off\.\n$/);
    expect(await as(token, 'whoami')).toMatchObject({ code: 3, err: expect.stringContaining('switched off') });
    expect(JSON.parse((await lethe('admins', 'enable', 'Changed', '--json')).out)).toMatchObject({
      administrator: { enabled: true, role: 'editor' },
    });
    expect((await lethe('admins', 'expire', 'Changed', 'never')).out).toMatch(/without an end\.\n$/);
    expect((await as(token, 'whoami')).code).toBe(0);
    expect(await lethe('admins', 'disable', 'first administrator')).toMatchObject({
      code: 3,
      err: expect.stringContaining('last_administrator'),
    });
    for (const argv of [['role', 'Changed', 'owner'], ['expire', 'Changed', 'soon'], ['disable']])
      expect([argv, (await lethe('admins', ...argv)).code]).toEqual([argv, 2]);
  });

  it('exports the audit log to a file, whole or not at all', async () => {
    verifies('cli.administrators');
    const file = join(harness.home, 'audit.jsonl');
    const exported = await lethe('audit', '--export', file);
    expect(exported).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^Exported \d+ entries; .* [0-9a-f]{64}\.\n$/),
    });
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(exported.err).toContain(`Exported ${lines.length} entries`);
    expect(exported.err).toContain((JSON.parse(lines.at(-1)!) as { hash: string }).hash);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await lethe('audit', '--export', '-')).out).toBe(readFileSync(file, 'utf8'));
    expect(await lethe('audit', '--export', file, '--actor', 'x')).toMatchObject({ code: 2 });
    const token = (await lethe('admins', 'add', 'Reader', '--role', 'editor')).out.trim();
    expect(await as(token, 'audit', '--export', `${file}.2`)).toMatchObject({ code: 3 });
    await harness.sql.query('alter table audit_entry disable trigger audit_entry_is_append_only');
    await harness.sql.query('create temp table kept as select * from audit_entry where seq = 2');
    await harness.sql.query('delete from audit_entry where seq = 2');
    expect(await lethe('audit', '--export', `${file}.2`)).toMatchObject({
      code: 5,
      err: expect.stringContaining('export_broken'),
    });
    await harness.sql.query('insert into audit_entry select * from kept');
    await harness.sql.query('alter table audit_entry enable trigger audit_entry_is_append_only');
    expect(readdirSync(harness.home).filter((name) => name.startsWith('audit.jsonl'))).toEqual(['audit.jsonl']);
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
