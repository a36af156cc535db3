import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import { pagesOf } from './pages.js';
import type { components } from './schema.js';

/** A virtual server. */
export type CallableServer = components['schemas']['ServerView'];

const PAGE = 200;

/** The virtual servers that are switched on, by their names. */
export function callableServers() {
  return pagesOf(['servers', 'callable'], async (cursor, signal) =>
    body(
      await api.GET('/v1/servers', {
        params: { query: { sort: 'name', enabled: 'true', limit: PAGE, ...(cursor && { cursor }) } },
        signal,
      }),
    ),
  );
}

/** One virtual server by id or slug. */
export function callableServer(ref: string) {
  return queryOptions({
    queryKey: ['servers', 'callable', ref],
    queryFn: async ({ signal }) => body(await api.GET('/v1/servers/{ref}', { params: { path: { ref } }, signal })),
  });
}
