import { describe, expect, it } from 'vitest';
import { serverRoutes } from '@test/support/proxy/server-routes.js';
import { Session } from './session.js';
import type { SessionClaims } from './session-token.js';

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
      expect(without.upstreamSession({ ...gateway, isSessionful: true })).toBeUndefined();
    }
    const session = new Session('2025-11-25', claims({ [slug]: ['id', '2025-06-18', 1] }), []);
    expect(session.continues(gateway)).toBe(true);
    expect(session.upstreamSession(gateway)).toEqual({ id: 'id', version: '2025-06-18' });
    expect(session.upstreamSession({ ...gateway, configRevision: 2 })).toBeNull();
  });
});
