import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import type { components } from './schema.js';

/** How administrators sign in at their OpenID Connect issuer. */
export type OidcSignIn = components['schemas']['OidcSignInView'];

/** How administrators sign in, besides with a token of Lethe. Needs no token. */
export function waysToSignIn() {
  return queryOptions({
    queryKey: ['sign-in'],
    queryFn: async ({ signal }) => body(await api.GET('/v1/sign-in', { signal })),
    staleTime: 60_000,
  });
}
