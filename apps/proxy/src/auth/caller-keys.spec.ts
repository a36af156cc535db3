import type { CallerEntry } from '@lethe/contracts';
import { callerKeyMac } from '@lethe/sealing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { testTrust } from '@test/support/trust.js';
import { CallerKeys } from './caller-keys.js';

const keyId = '0190c0de-0000-7000-8000-000000000001';
const secret = 'a-secret_with-both_signs';
const key = `lethe_key_${keyId}_${secret}`;

describe('CallerKeys', () => {
  const trust = testTrust();
  const entries = new Map<string, CallerEntry>();
  const told: unknown[] = [];

  function verifierFor(more: Partial<CallerEntry> = {}): CallerKeys {
    const scope = { keyId, servers: ['server-1'], exp: 2_000, ...more };
    const mac = callerKeyMac(trust.rowsMac(), { ...scope, secret });
    entries.set(keyId, { mac, revoked: false, revision: 1, ...scope, ...more });
    return new CallerKeys(trust.callersMac(), (id) => entries.get(id), {
      publish: async (_type, notice) => void told.push(notice),
    });
  }

  it('knows a key, the second time by its hash', () => {
    const verifier = verifierFor();
    expect(verifier.verify(key, 'server-1', 1_000)).toMatchObject({ keyId });
    expect(verifier.verify(key, 'server-1', 1_000)).toMatchObject({ keyId });
    expect(verifierFor({ servers: '*' }).verify(key, 'server-2', 1_000)).toMatchObject({ keyId });
  });

  it.each(['', 'lethe_key_', `${key}x`, key.slice(0, -1), `lethe_key_other_${secret}`, key.toUpperCase()])(
    'does not know %s',
    (wrong) => {
      for (const revoked of [false, true]) {
        expect(verifierFor({ revoked }).verify(wrong, 'server-1', 3_000)).toBe('key_unknown');
      }
    },
  );

  it('refuses another server, the end of its time, and a revoked one at once', () => {
    const verifier = verifierFor();
    expect(verifier.verify(key, 'server-1', 1_000)).toMatchObject({ keyId });
    expect(verifier.verify(key, 'server-2', 1_000)).toBe('key_of_another_server');
    expect(verifier.verify(key, undefined, 1_000)).toBe('key_of_another_server');
    for (const server of ['server-1', 'server-2', undefined]) {
      expect(verifier.verify(key, server, 2_000)).toBe('key_expired');
    }
    const entry = entries.get(keyId);
    if (entry) entries.set(keyId, { ...entry, revoked: true });
    for (const server of ['server-1', 'server-2', undefined]) {
      expect(verifier.verify(key, server, 1_000)).toBe('key_revoked');
    }
  });

  it('refuses a key after an end that was set before its expiry', () => {
    const verifier = verifierFor({ endsAt: 1_500 });
    expect(verifier.verify(key, 'server-1', 1_499)).toMatchObject({ keyId });
    expect(verifier.verify(key, 'server-1', 1_500)).toBe('key_expired');
    expect(verifierFor({ exp: null, endsAt: 1_500 }).verify(key, 'server-1', 1_500)).toBe('key_expired');
    expect(verifierFor({ endsAt: 3_000 }).verify(key, 'server-1', 2_000)).toBe('key_expired');
  });

  it('refuses an entry whose scope was widened without the mac', () => {
    const verifier = verifierFor();
    expect(verifier.verify(key, 'server-1', 1_000)).toMatchObject({ keyId });
    const entry = entries.get(keyId);
    if (entry) entries.set(keyId, { ...entry, servers: '*', revision: 2 });
    expect(verifier.verify(key, 'server-2', 1_000)).toBe('key_unknown');
  });

  it('reports the use of a key within seconds, then once a minute', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const verifier = verifierFor();
    verifier.start();
    const use = async (ms: number) => {
      verifier.verify(key, 'server-1', 1_000);
      await vi.advanceTimersByTimeAsync(ms);
      return told.length;
    };
    told.length = 0;
    expect([await use(5_000), await use(5_000), await use(40_000)]).toEqual([1, 1, 1]);
    // What was used meanwhile is told when the minute is over.
    await vi.advanceTimersByTimeAsync(20_000);
    expect(told).toMatchObject([{ keyIds: [keyId] }, { keyIds: [keyId] }]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(told).toHaveLength(2);
    await verifier.stop();
  });
});
