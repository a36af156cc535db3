import type { ServerAccess } from '@lethe/contracts';
import { describe, expect, it, vi } from 'vitest';
import { parseRequestHeaders } from '../http/request/request-headers.js';
import { Authenticator } from './authenticator.js';

type Parts = ConstructorParameters<typeof Authenticator>;

/** An authenticator of one virtual server, and what compiles it. */
function authenticatorOf(access: ServerAccess) {
  const compile = vi.fn();
  const manifest = (slug: string) => (slug === 'known' ? { access, id: 'id', slug } : undefined);
  const routes = { isReady: true, manifest, server: compile } as unknown as Parts[0];
  const keys = { verify: () => 'key_unknown' } as unknown as Parts[1];
  const tokens = { verify: async () => 'token_malformed' } as unknown as Parts[2];
  return { compile, authenticator: new Authenticator(routes, keys, tokens, undefined) };
}

describe('a caller without a good key', () => {
  const jwt = { kind: 'jwt', issuer: '', audience: '', jwksUri: '', algorithms: [] } satisfies ServerAccess;

  it.each([
    ['key', 'known'],
    ['key', 'unknown'],
    [jwt, 'known'],
  ] as const)('of access %j, %s: is refused before the virtual server is compiled', async (access, slug) => {
    const { compile, authenticator } = authenticatorOf(access);
    for (const value of [[], ['Authorization', 'Bearer lethe_key_x'], ['Authorization', 'Basic x']]) {
      const headers = parseRequestHeaders(['Host', 'localhost', ...value]);
      const identify = async () => authenticator.identify({ slug, headers });
      await expect(identify()).rejects.toMatchObject({ code: 'caller_unknown' });
    }
    // Its first use takes longer: that would show that it exists.
    expect(compile).not.toHaveBeenCalled();
  });
});
