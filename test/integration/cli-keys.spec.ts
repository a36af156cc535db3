import { KeysUsed } from '@lethe/contracts';
import { NoticePublisher } from '@lethe/messaging';
import { readSettings, type RunningService } from '@lethe/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProxy } from '../../apps/proxy/src/proxy.app.js';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { startBusApp } from '../support/messaging-app.js';
import { operationsPage } from '../support/pages/page.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

interface Key {
  id: string;
  key: string;
  name: string;
  roles: string[];
  expiresAt: string | null;
  replaces: string | null;
}

describe("the lethe command for callers' keys", () => {
  let harness: RegistryHarness;
  let server: { id: string; slug: string };
  let proxy: RunningService;
  beforeAll(async () => {
    harness = await RegistryHarness.start('embedded');
    const settings = readSettings({ LETHE_HOME: harness.home, PROXY_PORT: '0', LETHE_LOG_LEVEL: 'silent' });
    // Commands wait until the proxies serve a change.
    proxy = await startProxy({ settings, bus: { broker: harness.broker, service: 'proxy' }, trust: harness.trust });
    server = await harness.admin.ask('POST', '/servers', { name: 'Team', slug: 'team' });
  });
  afterAll(async () => {
    await proxy?.close();
    await harness?.stop();
  });

  const lethe = (...argv: string[]) => harness.lethe(argv);
  const json = async <T>(...argv: string[]): Promise<T> => {
    const { code, out, err } = await lethe(...argv, '--json');
    expect([argv, code, err]).toEqual([argv, 0, expect.any(String)]);
    return JSON.parse(out) as T;
  };
  const newest = async () => (await json<{ keys: Key[] }>('keys')).keys.at(-1)!;
  const made = async (...argv: string[]) => {
    expect((await lethe('keys', 'add', 'team', ...argv)).code).toBe(0);
    return newest();
  };

  it('makes and lists them, by state, role and virtual server', async () => {
    verifies('cli.keys');
    expect((await lethe('keys')).out).toContain('lethe keys add <server>');
    const added = await json<{ key: string }>(
      'keys',
      'add',
      'team',
      '--name',
      'CI',
      '--role',
      'eng',
      '--expires',
      '90d',
    );
    expect(added.key).toMatch(/^lethe_key_[0-9a-f]{16}_/);
    // As it was called before.
    expect((await lethe('key', 'team')).out).toMatch(/Bearer lethe_key_/);
    const { id } = (await json<{ keys: Key[] }>('keys', 'ls', '--role', 'eng')).keys[0]!;
    const row = new RegExp(`^${id} +CI +team +eng +never used +until 20`, 'm');
    for (const argv of [[], ['ls'], ['ls', '--server', 'team', '--state', 'active']])
      expect((await lethe('keys', ...argv)).out).toMatch(row);
    expect((await lethe('keys', 'ls', '--role', 'eng')).out.split('\n')).toHaveLength(2);
    expect((await lethe('keys', 'ls', '--state', 'expired')).out).not.toMatch(row);
    expect(await lethe('keys', 'ls', '--server', 'nobody')).toMatchObject({ code: 3 });
  });

  it('shows one by name or id, with its last use', async () => {
    verifies('keys.found-by-id');
    verifies('keys.last-use');
    const { id } = await made('--name', 'Shown');
    const bus = await startBusApp({ broker: harness.broker, service: 'proxy' });
    const use = { keyIds: [id], serverIds: [server.id], at: new Date().toISOString() };
    await bus.get(NoticePublisher).publish(KeysUsed, Object.assign(new KeysUsed(), use));
    await bus.close();
    for (const argv of [
      ['show', id],
      ['find', id],
      ['show', 'Shown'],
    ])
      await eventually(async () => expect((await lethe('keys', ...argv)).out).toMatch(/used +used 20.* for team/));
    expect((await lethe('keys', 'show', id)).out).toMatch(/expires +never/);
    const unknown = await lethe('keys', 'show', 'Shwon');
    expect(unknown).toMatchObject({ code: 3, err: expect.stringContaining('did you mean Shown?') });
    await made('--name', 'Shown');
    expect(await lethe('keys', 'show', 'Shown')).toMatchObject({ code: 2, err: expect.stringContaining(id) });
  });

  it('refuses a whole key, says which part is the id, and repeats nothing of it', async () => {
    verifies('keys.found-by-id');
    const { key } = await json<{ key: string }>('keys', 'add', 'team', '--name', 'Whole');
    const [, , id = '', secret = ''] = key.split('_');
    const lines = [
      ['keys', 'show', key],
      ['keys', 'rotate', `Bearer ${key}`],
      ['explain', 'team', 'x', `--key-id=${key}`],
      ['call', 'team', 'x', JSON.stringify({ key })],
    ];
    for (const argv of lines) {
      const { code, out, err } = await lethe(...argv);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/credential_in_argv.*between lethe_key_ and the next underscore.*lethe keys rotate <id>/s);
      for (const part of [id, secret]) expect(err).not.toContain(part);
    }
    const token = await lethe('admins', 'rotate', harness.admin.token);
    expect(token).toMatchObject({ code: 2, err: expect.stringContaining('lethe_admin_ and the next underscore') });
    expect(token.err).not.toContain(harness.admin.token.slice(-20));
    expect((await lethe('keys', 'find', id)).out).toContain('Whole');
  });

  it('rotates, sets roles and revokes; the new key alone goes to standard output', async () => {
    verifies('cli.keys');
    const old = await made('--name', 'Rotated', '--role', 'eng');
    const rotated = await lethe('keys', 'rotate', 'Rotated', '--overlap', '2h');
    expect(rotated).toMatchObject({ code: 0, out: expect.stringMatching(/^lethe_key_[0-9a-f]{16}_[\w-]{43}\n$/) });
    expect(rotated.err).toMatch(/^Rotated has a new key \([0-9a-f]{16}\)\. The old one is valid until 20\S+\.$/m);
    const [, , id = ''] = rotated.out.split('_');
    expect((await lethe('keys', 'show', old.id)).out).toMatch(new RegExp(`replaced by +${id}`));
    expect(await lethe('keys', 'rotate', old.id)).toMatchObject({
      code: 3,
      err: expect.stringContaining('key_replaced'),
    });
    expect((await lethe('keys', 'roles', id)).out).toBe(`Rotated (${id}) has the roles eng.\n`);
    expect((await json<Key>('keys', 'roles', id, 'ops', 'eng')).roles).toEqual(['ops', 'eng']);
    expect((await json<Key>('keys', 'show', old.id)).roles).toEqual(['ops', 'eng']);
    expect((await lethe('keys', 'roles', id, '--none')).out).toBe(`Rotated (${id}) has no roles.\n`);
    expect((await lethe('keys', 'roles', id, '--none', 'a')).code).toBe(2);
    const atOnce = await lethe('keys', 'rotate', id, '--overlap', '0s');
    expect(atOnce.err).toContain('The old one is revoked.');
    const [, , last = ''] = atOnce.out.split('_');
    expect(await lethe('keys', 'revoke', last)).toMatchObject({ code: 2, err: expect.stringContaining('Use --yes') });
    expect((await lethe('keys', 'revoke', last, '--yes')).out).toBe(`Revoked the key Rotated (${last}).\n`);
    expect((await lethe('keys', 'show', last)).code).toBe(3);
    const pair = await made('--name', 'Pair');
    const [, , second = ''] = (await lethe('keys', 'rotate', pair.id)).out.split('_');
    const revoked = await lethe('keys', 'revoke', second, '--yes');
    expect(revoked.err).toContain(`The key before it is still valid: ${pair.id}`);
  });

  it('does what docs/operations/keys.md says', async () => {
    verifies('cli.keys');
    const lines = [...operationsPage('keys').matchAll(/^lethe (keys .*)$/gm)].map(([, line = '']) => line);
    expect(lines.length).toBeGreaterThan(3);
    const { id } = await made('--name', 'Of the page');
    for (const line of lines) {
      const words =
        line
          .replace(/ > \S+$/, '')
          .replace('"$KEY_ID"', id)
          .match(/'[^']*'|\S+/g) ?? [];
      expect([line, (await lethe(...words.map((word) => word.replaceAll("'", '')))).code]).toEqual([line, 0]);
    }
  });

  it.each([
    [['keys', 'lst'], 'did you mean ls?'],
    [['keys', 'rotat'], 'did you mean rotate?'],
    [['kyes'], 'did you mean keys?'],
    [['keys', 'roles', 'x', 'a role'], 'role_illegal'],
    [['keys', 'ls', '--state', 'revoked'], 'one of: active, expired'],
    [['keys', 'show'], '<key> is required'],
    [['keys', 'rotate', 'x', '--overlap', 'soon'], 'time_illegal'],
  ])('says what is wrong with %j', async (argv, says) => {
    expect(await lethe(...argv)).toMatchObject({ code: 2, err: expect.stringContaining(says) });
  });
});
