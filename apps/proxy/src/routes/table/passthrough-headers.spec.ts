import { describe, expect, it } from 'vitest';
import { serverRoutes } from '@test/support/proxy/server-routes.js';
import { compilePassthroughHeaders } from './passthrough-headers.js';

const sourcesOf = (...gateways: [slug: string, header: string][]) => {
  const { manifest } = serverRoutes(gateways.map(([slug, header]) => ({ slug, mappings: [{ header }] })));
  return compilePassthroughHeaders(manifest);
};

describe('compilePassthroughHeaders', () => {
  it('gives each gateway its own names', () => {
    expect(sourcesOf(['a', 'Authorization'], ['b', 'Authorization'])?.get('id-b')).toMatchObject([
      { exact: 'x-upstream-b-authorization', short: 'x-upstream-authorization', shortForm: 'without_owner' },
    ]);
  });

  it('reads a header for a gateway behind this one by its exact name alone', () => {
    expect(sourcesOf(['a', 'X-Upstream-Authorization'], ['b', 'Authorization'])?.get('id-a')).toMatchObject([
      { exact: 'x-upstream-a-x-upstream-authorization', short: undefined, shortName: undefined, shortForm: 'none' },
    ]);
  });

  it('refuses exact names that collide', () => {
    expect(sourcesOf(['a', 'B-Authorization'], ['a-b', 'Authorization'])).toBeUndefined();
  });

  it('refuses a short name that is the exact name of another', () => {
    expect(sourcesOf(['a', 'Authorization'], ['b', 'a-Authorization'])).toBeUndefined();
  });

  it.each(['Cookie', 'Host', 'Mcp-Session-Id', 'Content-Type', 'Transfer-Encoding', 'X-Forwarded-For', 'X_Key'])(
    'refuses a manifest that maps to %s',
    (header) => {
      expect(sourcesOf(['a', header])).toBeUndefined();
    },
  );
});
