import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import type { components, operations } from './schema.js';

/** A virtual server, as far as a choice of it needs to know it. */
export type ServerChoice = Pick<
  components['schemas']['ServerView'],
  'id' | 'slug' | 'name' | 'access' | 'enabled' | 'grants' | 'exposed'
>;
/** A client that can be configured, with the ways in which it can be. */
export type KnownClient = components['schemas']['KnownClientView'];
/** How one client is configured; it contains no secret. */
export type Configuration = components['schemas']['ConfigurationView'];
/** How a client gets the credentials of its person. */
export type Way = Configuration['way'];
type Wish = NonNullable<operations['configureClient']['parameters']['query']>;

/** Most virtual servers that are offered at once; with more of them people search. */
const OFFERED = 100;

/** The first virtual servers whose name or slug has this part, by name. */
export function serverChoices(q: string) {
  return queryOptions({
    queryKey: ['servers', 'choices', q],
    queryFn: async ({ signal }) => {
      const query = { sort: 'name', limit: OFFERED, ...(q !== '' && { q }) } as const;
      const { items, nextCursor } = body(await api.GET('/v1/servers', { params: { query }, signal }));
      return { items, hasMore: nextCursor !== undefined };
    },
    placeholderData: keepPreviousData,
  });
}

/** One virtual server by id or slug. */
export function serverChoice(ref: string) {
  return queryOptions({
    queryKey: ['servers', 'choice', ref],
    queryFn: async ({ signal }): Promise<ServerChoice> =>
      body(await api.GET('/v1/servers/{ref}', { params: { path: { ref } }, signal })),
  });
}

/** The clients that can be configured. They are the same for every virtual server. */
export function knownClients(ref: string) {
  return queryOptions({
    queryKey: ['servers', 'clients', ref],
    queryFn: async ({ signal }) => {
      const answer = body(await api.GET('/v1/servers/{ref}/connect', { params: { path: { ref } }, signal }));
      return 'items' in answer ? answer.items : [];
    },
  });
}

/** How a client is configured for a virtual server, as it is now. */
export function configuration(ref: string, wish: Required<Pick<Wish, 'client' | 'way'>> & Pick<Wish, 'proxyUrl'>) {
  return queryOptions({
    queryKey: ['servers', 'configuration', ref, wish],
    queryFn: async ({ signal }) => {
      const params = { path: { ref }, query: wish };
      const answer = body(await api.GET('/v1/servers/{ref}/connect', { params, signal }));
      if ('items' in answer) throw new TypeError('The answer is no configuration');
      return answer;
    },
  });
}
