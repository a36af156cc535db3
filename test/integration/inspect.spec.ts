import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { type LetheRun, runLethe } from '../support/run-lethe.js';
import { startModernUpstream, type Upstream } from '../support/upstreams/index.js';
import { servedBy } from '../support/calls.js';
import { startWholeLethe, type WholeLethe } from '../support/whole-lethe.js';

const TOKEN = `tok_${randomBytes(24).toString('base64url')}`;

interface Explanation {
  item: { own: string } | null;
  allowed: boolean;
  reasons: { code: string }[];
  headers: object[];
  proxies: { revision: number | null; isCurrent: boolean }[];
  nearest?: string;
}

describe('what a set-up tells about itself', () => {
  let lethe: WholeLethe;
  let upstream: Upstream;
  let home: string;
  let key: string;
  const keyId = () => key.split('_')[2] ?? '';

  beforeAll(async () => {
    [lethe, upstream] = await Promise.all([startWholeLethe(), startModernUpstream({ token: TOKEN, name: 'tracker' })]);
    home = await mkdtemp(join(tmpdir(), 'lethe-inspect-'));
    const passthroughHeaders = [{ header: 'Authorization', scheme: 'bearer', required: true }];
    await lethe.admin.register({ name: 'Tracker', slug: 'tracker', url: upstream.url, passthroughHeaders }, TOKEN);
    await lethe.admin.ask('POST', '/servers', { name: 'Team', slug: 'team', include: [{ gateway: 'tracker' }] });
    key = await lethe.admin.callerKey(['team']);
    await servedBy(lethe.proxyUrl, 'team', key);
  });
  afterAll(async () => {
    await Promise.all([lethe?.close(), upstream?.close()]);
    await rm(home, { recursive: true, force: true });
  });

  const cli = (argv: string[], env: NodeJS.ProcessEnv = {}): Promise<LetheRun> => {
    const registry = { LETHE_URL: lethe.admin.url, LETHE_TOKEN: lethe.admin.token, LETHE_PUBLIC_URL: lethe.proxyUrl };
    return runLethe(argv, { ...registry, LETHE_HOME: home, XDG_CONFIG_HOME: home, ...env }, home);
  };
  const explain = (body: object) => lethe.admin.ask<Explanation>('POST', '/servers/team/explain', body);
  const codes = async (body: object) => (await explain(body)).reasons.map(({ code }) => code);

  it('explains which headers a call needs and where each goes', async () => {
    verifies('explain.tells');
    const explanation = await explain({ kind: 'tool', name: 'echo', key: keyId() });
    expect(explanation).toMatchObject({
      item: { kind: 'tool', exposed: 'echo', own: 'echo', by: 'name' },
      gateway: { slug: 'tracker', origin: new URL(upstream.url).origin },
      allowed: true,
      reasons: [],
      admission: { header: 'Authorization', holds: 'key' },
      headers: [
        {
          ...{ exact: 'X-Upstream-tracker-Authorization', short: 'X-Upstream-Authorization', scheme: 'bearer' },
          ...{ required: true, gateway: 'tracker', origin: new URL(upstream.url).origin },
          to: { header: 'Authorization' },
        },
      ],
    });
    await eventually(async () => {
      const { proxies } = await explain({ kind: 'tool', name: 'echo' });
      expect(proxies).toEqual([expect.objectContaining({ isCurrent: true })]);
    });
  });

  it('explains what grants allow', async () => {
    verifies('explain.tells');
    await eventually(async () =>
      lethe.admin.ask('PATCH', '/servers/team', { grants: [{ role: 'eng', gateways: ['tracker'], kinds: ['tool'] }] }),
    );
    expect(await codes({ kind: 'tool', name: 'echo' })).toEqual(['not_granted']);
    expect(await codes({ kind: 'tool', name: 'echo', key: keyId() })).toEqual(['not_granted']);
    expect(await codes({ kind: 'tool', name: 'echo', roles: ['eng'] })).toEqual([]);
    const grants = [{ role: '*', readOnly: true }];
    await lethe.admin.ask('PATCH', '/servers/team', { grants });
    expect(await codes({ kind: 'tool', name: 'echo', roles: ['eng'] })).toEqual(['not_granted']);
    await lethe.admin.ask('PATCH', '/servers/team', { grants: null });
    expect(await codes({ kind: 'tool', name: 'echo' })).toEqual([]);
  });

  it('explains why a call is refused', async () => {
    verifies('explain.tells');
    expect(await explain({ kind: 'tool', name: 'ehco' })).toMatchObject({
      ...{ item: null, allowed: false, nearest: 'echo', reasons: [{ code: 'item_unknown' }] },
    });
    expect(await codes({ kind: 'tool', name: 'echo', key: '0'.repeat(16) })).toEqual(['key_unknown']);
    await lethe.admin.ask('POST', '/servers', { name: 'Other', slug: 'other', include: [{ gateway: 'tracker' }] });
    const foreign = (await lethe.admin.callerKey(['other'])).split('_')[2];
    expect(await codes({ kind: 'tool', name: 'echo', key: foreign })).toEqual(['key_of_another_server']);
    await lethe.admin.ask('PATCH', '/gateways/tracker', { enabled: false });
    await lethe.admin.ask('PATCH', '/servers/team', {
      enabled: false,
      items: [{ gateway: 'tracker', kind: 'tool', name: 'echo', enabled: false }],
    });
    expect(await codes({ kind: 'tool', name: 'echo' })).toEqual(['server_off', 'item_off']);
    await lethe.admin.ask('PATCH', '/servers/team', { items: [] });
    expect(await codes({ kind: 'tool', name: 'echo' })).toEqual(['server_off', 'gateway_off']);
    await lethe.admin.ask('PATCH', '/gateways/tracker', { enabled: true });
    await lethe.admin.ask('PATCH', '/servers/team', { enabled: true });
    const whole = await lethe.admin.request('POST', '/servers/team/explain', { kind: 'tool', name: 'echo', key });
    expect(whole).toMatchObject({ status: 400 });
    expect(JSON.stringify(whole.body)).not.toContain(key);
  });

  it('tells an admitted caller which gateways there are and what each needs, and nobody else', async () => {
    verifies('proxy.tells-upstreams');
    const url = `${lethe.proxyUrl}/servers/team/upstreams`;
    const admitted = await eventually(async () => {
      const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
      expect(response.status).toBe(200);
      return response;
    });
    expect(admitted.headers.get('cache-control')).toContain('private');
    const text = await admitted.text();
    expect(JSON.parse(text)).toEqual({
      server: { slug: 'team', name: 'Team' },
      items: [
        {
          ...{ gateway: 'tracker', name: 'Tracker', origin: new URL(upstream.url).origin, isAvailable: true },
          eras: [{ era: 'modern', protocolVersion: '2026-07-28' }],
          headers: [
            {
              ...{ exact: 'X-Upstream-tracker-Authorization', short: 'X-Upstream-Authorization' },
              ...{ header: 'Authorization', scheme: 'bearer', required: true },
            },
          ],
        },
      ],
    });
    expect(text).not.toContain(upstream.url);
    const [refused, unknown] = [await fetch(url), await fetch(`${lethe.proxyUrl}/servers/nothing/upstreams`)];
    const [one, other] = [await refused.json(), await unknown.json()] as { requestId: string }[];
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('Bearer');
    expect({ ...one, requestId: '' }).toEqual({ ...other, requestId: '' });
    const rebound = await fetch(url, { headers: { authorization: `Bearer ${key}`, origin: 'https://evil.example' } });
    expect(rebound.status).toBe(403);
  });

  it('configures a client with variables in the place of secrets', async () => {
    verifies('connect.no-secret');
    const { code, out, err } = await cli(['connect', 'team', '--client', 'claude-code']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      mcpServers: {
        team: {
          type: 'http',
          url: `${lethe.proxyUrl}/servers/team/mcp`,
          headers: { Authorization: 'Bearer ${LETHE_KEY}', 'X-Upstream-Authorization': 'Bearer ${TRACKER_TOKEN}' },
        },
      },
    });
    expect(err).toContain('TRACKER_TOKEN  your own token for tracker');
    const bridge = await cli(['connect', 'team', '--client', 'cursor', '--way', 'bridge']);
    expect(JSON.parse(bridge.out)).toEqual({
      mcpServers: {
        team: {
          command: 'lethe',
          args: ['bridge', `${lethe.proxyUrl}/servers/team/mcp`],
          env: { LETHE_KEY: '${env:LETHE_KEY}' },
        },
      },
    });
    expect((await cli(['connect', 'team', '--client', 'cursor', '--way', 'helper'])).err).toContain('way_unknown');
    expect((await cli(['connect', 'team'])).out).toContain('claude-code');
    expect((await cli(['connect', 'team', '--client', 'cladue-code'])).err).toContain('did you mean claude-code?');
    expect((await cli(['connect', 'taem'])).err).toContain('did you mean team?');
  });

  it('calls a tool as a client does, with the credentials of the environment', async () => {
    verifies('cli.calls');
    const variables = { LETHE_KEY: key, TRACKER_TOKEN: TOKEN };
    const called = await cli(['call', 'team', 'echo', '{"text":"hello"}'], variables);
    expect(called).toMatchObject({ code: 0, out: expect.stringContaining('hello') });
    expect(
      JSON.parse((await cli(['call', 'team', 'echo', '{"text":"hello"}', '--json'], variables)).out),
    ).toMatchObject({
      content: [{ type: 'text' }],
    });
    const without = await cli(['call', 'team', 'echo', '{"text":"hello"}'], { LETHE_KEY: key });
    expect(without.code).toBe(8);
    expect(without.err).toContain('TRACKER_TOKEN: your own token for tracker');
    expect((await cli(['call', 'team', 'echo'])).err).toContain('key_missing');
    expect((await cli(['call', `${lethe.proxyUrl}/servers/team/mcp`, 'nothing'], variables)).code).toBe(3);
    expect((await cli(['call', 'team', 'echo', 'not json'], variables)).err).toContain('arguments_malformed');
    for (const { out, err } of [called, without]) expect(`${out}${err}`).not.toContain(TOKEN);
  });

  it('shows and changes one of them by hand', async () => {
    const shown = await cli(['show', 'tracker']);
    expect(shown).toMatchObject({ code: 0, out: expect.stringMatching(/served by\s+team/) });
    expect((await cli(['show', 'team'])).out).toContain('X-Upstream-Authorization');
    const changed = await cli(['edit', 'tracker', 'description=Tickets', 'tags=["a","b"]']);
    expect(changed).toMatchObject({ code: 0, out: expect.stringContaining('Changed description, tags of tracker.') });
    expect(await lethe.admin.ask('GET', '/gateways/tracker')).toMatchObject({
      description: 'Tickets',
      tags: ['a', 'b'],
    });
    expect((await cli(['edit', 'tracker', 'descripton=x'])).err).toContain('did you mean description?');
    expect((await cli(['edit', 'trakcer', 'name=x'])).err).toContain('did you mean tracker?');
    expect(await cli(['edit', 'tracker'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('lethe edit --help'),
    });
    expect((await cli(['edit', 'tracker', 'novalue'])).err).toContain('Each change is written as field=value');
  });

  it('says what is wrong with it, in order, and what to do', async () => {
    verifies('cli.doctor');
    const healthy = await eventually(async () => {
      const run = await cli(['doctor']);
      expect(run.out).not.toContain('FAIL');
      return run;
    });
    expect(healthy.code).toBe(0);
    const checks = ['answers at', 'is ready', 'accepts the administrator token', 'have version', 'clocks', 'free slot'];
    const positions = checks.map((text) => healthy.out.indexOf(text));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(positions).not.toContain(-1);
    await lethe.admin.createGateway({ name: 'Lost', slug: 'lost', url: 'https://lost.example.com/mcp' });
    await lethe.admin.ask('POST', '/servers', { name: 'Empty', slug: 'empty', include: [{ gateway: 'lost' }] });
    const ill = await cli(['doctor', '--json'], { LETHE_PUBLIC_URL: 'http://127.0.0.1:9' });
    expect(ill.code).toBe(7);
    const { findings } = JSON.parse(ill.out) as { findings: { check: string; state: string; todo?: string }[] };
    const problems = findings.filter(({ state }) => state === 'problem');
    expect(problems.map(({ check }) => check)).toEqual(['public-url', 'gateways', 'servers']);
    expect(problems.map(({ todo }) => todo)).toContain('lethe verify lost');
    const elsewhere = await cli(['doctor'], { LETHE_URL: 'http://127.0.0.1:9' });
    expect(elsewhere).toMatchObject({ code: 7, out: expect.stringContaining('registry_unreachable') });
    const wrong = await cli(['doctor'], { LETHE_TOKEN: 'lethe_admin_wrong' });
    expect(wrong).toMatchObject({ code: 7, out: expect.stringContaining('unauthenticated') });
    expect((await cli(['status'])).out).toMatch(/gateways\s+2, 1 verified/);
  });
});
