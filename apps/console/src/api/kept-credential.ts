import { queryOptions } from '@tanstack/react-query';
import { api, body, ifMatch } from './client.js';
import type { components } from './schema.js';

/** What is kept for the calls of a gateway, and which proxies have it. */
export type KeptCredential = components['schemas']['KeptCredentialView'];
/** The proof that a kept credential was deleted. */
export type Forgotten = components['schemas']['ForgottenView'];

/** What is kept for a gateway. It reads what proxies have, so it is asked again while it is in sight. */
export function keptCredential(ref: string) {
  return queryOptions({
    queryKey: ['gateways', 'kept', ref],
    queryFn: async ({ signal }) =>
      body(await api.GET('/v1/gateways/{ref}/kept-credential', { params: { path: { ref } }, signal })),
    refetchInterval: 10_000,
  });
}

/** What became of a kept credential that was deleted. */
export interface Deleted {
  forgotten: Forgotten | null;
  /** Whether every live proxy had dropped it when the answer came. */
  isEverywhere: boolean;
}

/**
 * Deletes what is kept for a gateway, and waits until the proxies have dropped it, at most ten seconds.
 * @throws Problem `precondition_failed` if the gateway has changed since `etag`
 */
export async function forgetCredential(ref: string, etag: string | undefined): Promise<Deleted> {
  const header = { ...ifMatch(etag), Prefer: 'wait=10' };
  const answer = await api.DELETE('/v1/gateways/{ref}/kept-credential', { params: { path: { ref }, header } });
  return { ...body(answer), isEverywhere: answer.response.headers.has('preference-applied') };
}
