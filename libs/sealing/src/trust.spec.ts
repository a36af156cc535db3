import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callerKeyMac, initTrust, loadTrust, rotateTrust } from './index.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const LATER = new Date('2026-12-01T00:00:00Z');
const PRIVATE = ['registry.sign', 'connector.sign', 'rows.mac', 'session.ring', 'proxy.kept', 'callers.mac'];
const REPLY = { vid: 'v', slot: 's', status: 'accepted' } as const;
const CALLER = { keyId: 'k', mac: 'm', servers: '*', exp: null, revoked: false, revision: 1 } as const;
const inDays = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);
let dir: string;

beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), 'lethe-trust-')), 'trust');
});
afterEach(() => rm(join(dir, '..'), { recursive: true }));

const modeOf = async (file: string): Promise<number> => (await stat(join(dir, file))).mode & 0o777;

describe('a new trust folder', () => {
  it('has private files for their owner only, and public keys for all', async () => {
    const summary = await initTrust(dir, NOW);
    expect((await readdir(dir)).toSorted()).toEqual([...PRIVATE, 'trust.json'].toSorted());
    for (const file of PRIVATE) expect(await modeOf(file)).toBe(0o600);
    expect(await modeOf('trust.json')).toBe(0o644);
    expect(summary.identities.map(({ role, state }) => `${role} ${state}`)).toEqual([
      'registry active',
      'connector active',
    ]);
  });

  it('shows no private part in trust.json', async () => {
    await initTrust(dir, NOW);
    const shown = await readFile(join(dir, 'trust.json'), 'utf8');
    expect(shown).not.toContain('"d"');
    for (const file of PRIVATE.slice(0, 2)) {
      const { d } = JSON.parse(await readFile(join(dir, file), 'utf8')) as { d: string };
      expect(shown).not.toContain(d);
    }
  });

  it.each([...PRIVATE, 'trust.json'])('is not made where there is a %s', async (file) => {
    await initTrust(dir, NOW);
    for (const other of [...PRIVATE, 'trust.json']) if (other !== file) await rm(join(dir, other));
    const before = await readFile(join(dir, file), 'utf8');
    await expect(initTrust(dir, NOW)).rejects.toMatchObject({ code: 'trust_exists' });
    expect(await readFile(join(dir, file), 'utf8')).toBe(before);
  });
});

describe('loaded trust', () => {
  it('signs, tags and seals with what the folder holds', async () => {
    await initTrust(dir, NOW);
    const trust = await loadTrust(dir);
    const jws = await trust.registrySigner().sign('caller', CALLER, NOW);
    await expect(trust.verify('caller', jws)).resolves.toMatchObject(CALLER);
    expect(trust.rowsMac().matches('row', { a: 1 }, trust.rowsMac().tag('row', { a: 1 }))).toBe(true);
    expect(trust.identities('connector')).toHaveLength(1);
    expect(trust.identities('connector')[0]?.fingerprint).toBe(trust.connectorSigner().fingerprint);
  });

  it('needs only the files that are asked for, and names the one that is missing', async () => {
    await initTrust(dir, NOW);
    for (const file of ['registry.sign', 'rows.mac', 'session.ring', 'callers.mac']) await rm(join(dir, file));
    const trust = await loadTrust(dir);
    const jws = await trust.connectorSigner().sign('handshakeReply', REPLY, NOW);
    await expect(trust.verify('handshakeReply', jws)).resolves.toMatchObject(REPLY);
    expect(() => trust.registrySigner()).toThrow(/registry\.sign/);
    expect(() => trust.rowsMac()).toThrow(/rows\.mac/);
    expect(() => trust.sessionRing()).toThrow(/session\.ring/);
    expect(() => trust.callersMac()).toThrow(/callers\.mac/);
  });

  it("checks callers' keys without the keys of rows, also those of before a rotation", async () => {
    await initTrust(dir, NOW);
    const scope = { keyId: 'k', secret: 's', servers: '*' as const, exp: null };
    const before = callerKeyMac((await loadTrust(dir)).rowsMac(), scope);
    await rotateTrust(dir, 'rows', LATER);
    const after = callerKeyMac((await loadTrust(dir)).rowsMac(), scope);
    await rm(join(dir, 'rows.mac'));
    const trust = await loadTrust(dir);
    expect(() => trust.rowsMac()).toThrow(/rows\.mac/);
    expect([before, after].map((mac) => trust.callersMac().matches(scope, mac))).toEqual([true, true]);
    expect(trust.callersMac().matches({ ...scope, secret: 't' }, after)).toBe(false);
  });

  it('is none without trust.json', async () => {
    await expect(loadTrust(dir)).rejects.toMatchObject({ code: 'trust_missing', subject: 'trust.json' });
  });

  it.each([
    ['registry.sign', '{}'],
    ['registry.sign', 'not JSON with a secret in it'],
    ['connector.sign', '{"kty":"OKP","crv":"Ed25519","d":"AAAA","x":"AAAA"}'],
    ['rows.mac', '{"keys":[]}'],
    ['rows.mac', '{"keys":[{"kid":"a","k":"AAAA"}]}'],
    ['callers.mac', '{"keys":[]}'],
    ['session.ring', '{"keys":[{"kid":"a.b","k":"AAAA"}]}'],
    ['proxy.kept', '{"keys":[]}'],
    ['proxy.kept', '{"keys":[{"kty":"OKP","crv":"X25519","d":"secret in it","x":"AAAA"}]}'],
    ['trust.json', '{"keys":[],"kept":{"jwk":{"kty":"OKP"}}}'],
    ['trust.json', '[]'],
    ['trust.json', '{"keys":[{"kid":"a","role":"admin"}]}'],
  ])('refuses a malformed %s, without quoting it: %s', async (file, text) => {
    await initTrust(dir, NOW);
    await writeFile(join(dir, file), text);
    const error: unknown = await loadTrust(dir).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'trust_malformed', subject: file });
    expect(String(error)).not.toContain('secret in it');
  });

  it('refuses a private key that trust.json does not name as active', async () => {
    await initTrust(dir, NOW);
    const before = await readFile(join(dir, 'registry.sign'));
    await rotateTrust(dir, 'registry', LATER);
    await writeFile(join(dir, 'registry.sign'), before);
    await expect(loadTrust(dir)).rejects.toMatchObject({ code: 'trust_inconsistent' });
    await rotateTrust(dir, 'registry', LATER);
    await expect(loadTrust(dir)).resolves.toBeDefined();
  });
});

describe('rotation', () => {
  it('keeps what was signed before, and refuses what the old key signs after', async () => {
    await initTrust(dir, NOW);
    const old = await loadTrust(dir);
    const signedBefore = await old.registrySigner().sign('caller', CALLER, NOW);
    await rotateTrust(dir, 'registry', LATER);
    const signedAfter = await old.registrySigner().sign('caller', CALLER, new Date(LATER.getTime() + 1_000));
    const trust = await loadTrust(dir);
    expect(trust.identities('registry').map(({ state }) => state)).toEqual(['retired', 'active']);
    expect(trust.registrySigner().kid).not.toBe(old.registrySigner().kid);
    await expect(trust.verify('caller', signedBefore)).resolves.toMatchObject(CALLER);
    await expect(trust.verify('caller', signedAfter)).rejects.toMatchObject({ code: 'key_retired' });
  });

  it('leaves the other role alone', async () => {
    await initTrust(dir, NOW);
    const before = (await loadTrust(dir)).connectorSigner().kid;
    await rotateTrust(dir, 'registry', LATER);
    expect((await loadTrust(dir)).connectorSigner().kid).toBe(before);
  });

  it('opens sessions of the current and the previous key, and none older', async () => {
    await initTrust(dir, NOW);
    const token = (await loadTrust(dir)).sessionRing().sealer('session').seal({ n: 1 }, 'aad');
    await rotateTrust(dir, 'session', LATER);
    expect((await loadTrust(dir)).sessionRing().sealer('session').open(token, 'aad')).toEqual({ n: 1 });
    await rotateTrust(dir, 'session', LATER);
    expect((await loadTrust(dir)).sessionRing().sealer('session').open(token, 'aad')).toBeUndefined();
  });

  it('keeps codes of earlier row keys, and makes new ones with the current', async () => {
    await initTrust(dir, NOW);
    const first = (await loadTrust(dir)).rowsMac().tag('row', 1);
    await rotateTrust(dir, 'rows', LATER);
    await rotateTrust(dir, 'rows', LATER);
    const rows = (await loadTrust(dir)).rowsMac();
    expect(rows.matches('row', 1, first)).toBe(true);
    expect(rows.tag('row', 1)).not.toBe(first);
  });

  it('opens what was sealed to former keys for kept credentials until nothing of them can be valid', async () => {
    await initTrust(dir, NOW);
    const before = (await loadTrust(dir)).keptIdentity();
    const summary = await rotateTrust(dir, 'kept', NOW);
    expect(summary.services).toEqual({
      registry: ['trust.json'],
      connector: ['trust.json'],
      proxy: ['proxy.kept', 'trust.json'],
    });
    const opens = async (kid = '') => (await loadTrust(dir)).keptRing()?.key(kid) !== undefined;
    const after = (await loadTrust(dir)).keptIdentity();
    expect(after?.kid).not.toBe(before?.kid);
    expect([await opens(before?.kid), await opens(after?.kid)]).toEqual([true, true]);
    await rotateTrust(dir, 'kept', inDays(90));
    expect(await opens(before?.kid)).toBe(true);
    await rotateTrust(dir, 'kept', inDays(92));
    expect([await opens(before?.kid), await opens(after?.kid)]).toEqual([false, true]);
  });

  it('keeps the key for kept credentials when another role gets a new key', async () => {
    await initTrust(dir, NOW);
    const before = (await loadTrust(dir)).keptIdentity();
    for (const role of ['registry', 'connector', 'rows', 'session']) await rotateTrust(dir, role, LATER);
    expect((await loadTrust(dir)).keptIdentity()).toEqual(before);
  });

  it('gives a folder of an earlier release its first key for kept credentials, without which it loads too', async () => {
    await initTrust(dir, NOW);
    await rm(join(dir, 'proxy.kept'));
    const { keys } = JSON.parse(await readFile(join(dir, 'trust.json'), 'utf8')) as { keys: unknown };
    await writeFile(join(dir, 'trust.json'), JSON.stringify({ keys }));
    const former = await loadTrust(dir);
    expect([former.keptIdentity(), former.keptRing()]).toEqual([undefined, undefined]);
    await rotateTrust(dir, 'kept', LATER);
    const trust = await loadTrust(dir);
    expect(trust.keptRing()?.key(trust.keptIdentity()?.kid ?? '')).toBeDefined();
  });

  it('knows no other role', async () => {
    await initTrust(dir, NOW);
    await expect(rotateTrust(dir, 'admin', NOW)).rejects.toMatchObject({ code: 'role_unknown' });
  });
});
