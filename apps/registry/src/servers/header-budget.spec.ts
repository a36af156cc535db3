import { describe, expect, it } from 'vitest';
import { readSettings } from '@lethe/platform';
import { headerWarnings } from './header-budget.js';

const JWT = {
  kind: 'jwt' as const,
  issuer: 'https://issuer.example.com',
  audience: 'lethe',
  jwksUri: 'https://issuer.example.com/jwks',
  algorithms: ['RS256' as const],
};
const PUBLIC = { LETHE_PUBLIC_URL: 'https://mcp.example.com' };
const told = (headers: number, env: NodeJS.ProcessEnv, access: 'key' | typeof JWT = 'key') =>
  headerWarnings(headers, access, readSettings(env)).map(
    ({ needsKib, limitKib, setting }) => `${needsKib} > ${limitKib} ${setting}`,
  );

describe('the headers that clients of a virtual server may have to send', () => {
  it('are compared with what the proxies accept, to the byte of the assumption', () => {
    expect(told(62, {})).toEqual([]);
    expect(told(63, {})).toEqual(['258 > 256 LETHE_MAX_HEADER_KIB']);
    expect(told(3, { LETHE_MAX_HEADER_KIB: '16' })).toEqual(['18 > 16 LETHE_MAX_HEADER_KIB']);
  });

  it('are compared with a reverse proxy as documented, if one stands in front', () => {
    expect(told(14, PUBLIC)).toEqual([]);
    expect(told(15, PUBLIC)).toEqual(['66 > 64 LETHE_FRONT_HEADER_KIB']);
    expect(told(15, {})).toEqual([]);
  });

  it('are compared with what is set of it', () => {
    expect(told(15, { ...PUBLIC, LETHE_FRONT_HEADER_KIB: '256' })).toEqual([]);
    expect(told(8, { LETHE_FRONT_HEADER_KIB: '32', LETHE_MAX_HEADER_KIB: '32' })).toEqual([
      '38 > 32 LETHE_FRONT_HEADER_KIB',
      '38 > 32 LETHE_MAX_HEADER_KIB',
    ]);
  });

  it("contain the caller's own token, if the virtual server takes tokens", () => {
    expect(told(62, {}, JWT)).toEqual(['258 > 256 LETHE_MAX_HEADER_KIB']);
  });
});
