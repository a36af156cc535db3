import { sessionTokenLength } from '@lethe/mcp';
import { describe, expect, it } from 'vitest';
import { serverRoutes } from '@test/support/proxy/server-routes.js';
import { testSealer } from '@test/support/trust.js';
import { Caller } from '../auth/authenticator.js';
import { MAX_TOKEN_BYTES, openSession, sealSession, type SessionClaims, sessionTtlSeconds } from './session-token.js';

const claims = (upstream: SessionClaims['upstream'] = { github: ['session-1', '2025-11-25', 3] }): SessionClaims => ({
  v: 1,
  iat: 1_000,
  exp: 2_000,
  protocolVersion: '2025-11-25',
  clientInfo: { name: 'client', version: '1' },
  clientCapabilities: {},
  upstream,
});
const server = serverRoutes([]);
const entry = { keyId: 'k1', mac: '', servers: '*' as const, exp: null, revoked: false, revision: 1 };
const caller = Caller.ofKey(server, entry);

describe('a session token', () => {
  const sealer = testSealer('session');

  it('carries the whole state to whoever holds the ring', () => {
    const token = sealSession(sealer, claims(), caller);
    expect(token).toMatch(/^[\x21-\x7e]+$/);
    expect(openSession(sealer, token, caller, 1_500)).toEqual(claims());
  });

  it('is unknown to another caller, on another server, after its end, and when tampered with', () => {
    const token = sealSession(sealer, claims(), caller);
    const others = [
      Caller.open(server),
      Caller.ofKey(server, { ...entry, keyId: 'k2' }),
      Caller.ofKey(serverRoutes([], { id: 'server-2' }), entry),
    ];
    for (const other of others) expect(openSession(sealer, token, other, 1_500)).toBeUndefined();
    expect(openSession(sealer, token, caller, 2_000)).toBeUndefined();
    for (let at = 0; at < token.length; at += 7) {
      const tampered = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
      expect(openSession(sealer, tampered, caller, 1_500)).toBeUndefined();
    }
    expect(openSession(sealer, '', caller, 1_500)).toBeUndefined();
    expect(openSession(sealer, `${token}${'A'.repeat(MAX_TOKEN_BYTES)}`, caller, 1_500)).toBeUndefined();
  });

  it('is never longer than the registry reckons when it publishes a virtual server', () => {
    const shares = Array.from({ length: 16 }, (_, n) => ({ slug: `a-gateway-with-a-slug-${n}`, idBytes: 60 }));
    const sessions = shares.map(({ slug, idBytes }) => [slug, ['s'.repeat(idBytes), '2025-11-25', 999_999]] as const);
    const clientInfo = { name: 'é'.repeat(128), version: '1'.repeat(128) };
    const token = sealSession(sealer, { ...claims(Object.fromEntries(sessions)), clientInfo }, caller);
    expect(token.length).toBeLessThanOrEqual(sessionTokenLength(shares));
  });

  it('is refused rather than grow over 4 KiB', () => {
    const long = Object.fromEntries(
      Array.from({ length: 16 }, (_, n) => [`gateway-${n}`, ['s'.repeat(256), '2025-11-25', 1] as const]),
    );
    expect(() => sealSession(sealer, claims(long), caller)).toThrow();
  });

  it('lives shorter where whoever holds it is not known', () => {
    expect(sessionTtlSeconds(Caller.open(server))).toBe(3_600);
    expect(sessionTtlSeconds(caller)).toBeGreaterThan(3_600);
  });
});
