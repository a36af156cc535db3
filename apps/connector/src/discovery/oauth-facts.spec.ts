import { describe, expect, it } from 'vitest';
import { abilitiesOf, namedIssuers, toFacts } from './oauth-facts.js';

describe('facts about tokens', () => {
  it('name issuers that a client can use, once each and four at most', () => {
    const good = ['https://a.example/', 'https://a.example', 'http://127.0.0.1:9/x', 'https://b.example/tenant'];
    const bad = [
      'http://a.example',
      'https://u:p@a.example',
      'https://a.example?x',
      'https://a.example#x',
      'a',
      'https://ä.example',
      7,
    ];
    expect(namedIssuers({ authorization_servers: [...bad, good[0] ?? '', ...good, 'https://e.example'] })).toEqual(
      good,
    );
    expect(namedIssuers({ authorization_servers: 'https://a.example' })).toEqual([]);
  });

  it('tell ways of registration that are there', () => {
    const urls = {
      registration_endpoint: 'javascript:alert(1)',
      device_authorization_endpoint: 'https://a.example/device',
    };
    expect(abilitiesOf({ ...urls, dpop_signing_alg_values_supported: [] })).toEqual({ registration: [], device: true });
  });

  it('leave out scopes before they are too long', () => {
    const server = (n: number) => ({ issuer: `https://${n}.example/${'x'.repeat(2_000)}`, registration: [] });
    const servers = [1, 2, 3, 4].map(server);
    const [long, short] = [Array.from({ length: 64 }, (_, n) => `${n}`.padEnd(128, 'y')), ['read']];
    const resource = 'https://a.example';
    expect(toFacts(resource, servers, { scope: short, scopes: long })).toEqual({ resource, servers, scope: 'read' });
    expect(toFacts(resource, servers, { scope: long, scopes: long })).toEqual({ resource, servers });
    expect(toFacts(resource, [], { scope: [], scopes: short })).toEqual({ resource, servers: [], scopes: short });
  });
});
