import type { NoticePublisher } from '@lethe/messaging';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serverRoutes } from '@test/support/proxy/server-routes.js';
import { testSealer } from '@test/support/trust.js';
import { Caller } from '../auth/authenticator.js';
import { EndedSessions } from './ended-sessions.js';
import { sealSession, type SessionClaims } from './session-token.js';
import { Sessions, Session } from './sessions.js';

const entry = { keyId: 'k1', mac: '', servers: '*' as const, exp: null, revoked: false, revision: 1 };
const caller = Caller.ofKey(serverRoutes([]), entry);
const BEGAN = 1_000;
const QUIET: Pick<NoticePublisher, 'publish'> = { publish: async () => undefined };

describe('what a session token was found to hold', () => {
  const sealer = testSealer('session');
  const client = { protocolVersion: '2025-11-25', clientInfo: {}, clientCapabilities: {} };
  const content = { v: 1, iat: BEGAN, exp: BEGAN + 100, ...client, upstream: {} } as const;
  const token = sealSession(sealer, content, caller);
  beforeEach(() => void vi.useFakeTimers({ now: BEGAN * 1000 }));
  afterEach(() => void vi.useRealTimers());

  it('is opened once, and remembered', () => {
    const open = vi.spyOn(sealer, 'open');
    const sessions = new Sessions(sealer, new EndedSessions(QUIET));
    for (let call = 0; call < 3; call++) {
      expect(sessions.continue(token, caller, '2025-06-18').clientVersion).toBe('2025-11-25');
    }
    expect(open).toHaveBeenCalledTimes(1);
    open.mockRestore();
  });

  it('is forgotten when its client ends the session, here or at another replica', async () => {
    const [here, there] = [new EndedSessions(QUIET), new EndedSessions(QUIET)];
    const sessions = new Sessions(sealer, here);
    const elsewhere = new Sessions(sealer, there);
    const opened = sessions.continue(token, caller, '');
    elsewhere.continue(token, caller, '');
    const heard = vi.fn();
    elsewhere.onEnd(opened, heard);
    vi.spyOn(here, 'end').mockImplementation(async (digest) => {
      here.remember({ digest });
      there.remember({ digest });
    });
    await sessions.end(opened);
    for (const replica of [sessions, elsewhere]) expect(() => replica.continue(token, caller, '')).toThrow();
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('costs no look at the ended ones while it is remembered', () => {
    const ended = new EndedSessions(QUIET);
    const look = vi.spyOn(ended, 'has');
    const sessions = new Sessions(sealer, ended);
    for (let call = 0; call < 3; call++) sessions.continue(token, caller, '');
    expect(look).toHaveBeenCalledTimes(1);
  });

  it('is remembered for its caller on its virtual server alone, and until its end', () => {
    const sessions = new Sessions(sealer, new EndedSessions(QUIET));
    expect(sessions.continue(token, caller, '')).toBeDefined();
    const others = [
      Caller.open(caller.server),
      Caller.ofKey(caller.server, { ...entry, keyId: 'k2' }),
      Caller.ofKey(serverRoutes([], { id: 'server-2' }), entry),
    ];
    for (const other of others) expect(() => sessions.continue(token, other, '')).toThrow();
    vi.setSystemTime((BEGAN + 100) * 1000);
    expect(() => sessions.continue(token, caller, '')).toThrow();
  });
});

const claims = (upstream: SessionClaims['upstream']): SessionClaims => ({
  ...{ v: 1, iat: 1, exp: 2, protocolVersion: '2025-06-18', clientInfo: {}, clientCapabilities: {} },
  upstream,
});

describe('Session', () => {
  it.each(['constructor', 'valueof', 'github'])('knows of a gateway %s what its token says, and no more', (slug) => {
    const [gateway] = serverRoutes([{ slug, mappings: [] }]).gateways;
    if (!gateway) throw new Error('one gateway');
    for (const without of [new Session('2025-11-25', undefined, []), new Session('2025-11-25', claims({}), [])]) {
      expect(without.continues(gateway)).toBe(false);
      expect(without.upstreamSession(gateway)?.id).toBeUndefined();
      expect(without.upstreamSession(gateway, { ...gateway.servedIn.legacy, isSessionful: true })).toBeUndefined();
    }
    const session = new Session('2025-11-25', claims({ [slug]: ['id', '2025-06-18', 1] }), []);
    expect(session.continues(gateway)).toBe(true);
    expect(session.upstreamSession(gateway)).toEqual({ id: 'id', version: '2025-06-18' });
    expect(session.upstreamSession({ ...gateway, configRevision: 2 })).toBeNull();
  });
});
