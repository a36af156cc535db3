import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';

/** Something that a person finds by its name. */
export interface Found {
  kind: 'gateway' | 'server' | 'key';
  id: string;
  name: string;
  /** Of gateways and virtual servers. */
  slug: string | undefined;
}

/** So many of each kind are offered. */
const MOST = 8;
/** The registry has no search of keys: so many are looked through, oldest first. */
const KEYS = 1_000;

/** Gateways and virtual servers whose name or slug has `q`, and keys whose name has it. */
export function found(q: string) {
  return queryOptions({
    queryKey: ['found', q],
    queryFn: async ({ signal }): Promise<Found[]> => {
      const query = { q, limit: MOST };
      const [gateways, servers, keys] = await Promise.all([
        api.GET('/v1/gateways', { params: { query }, signal }),
        api.GET('/v1/servers', { params: { query }, signal }),
        api.GET('/v1/keys', { params: { query: { limit: KEYS } }, signal }),
      ]);
      const wanted = q.toLowerCase();
      return [
        ...body(gateways).items.map(({ id, name, slug }) => ({ kind: 'gateway' as const, id, name, slug })),
        ...body(servers).items.map(({ id, name, slug }) => ({ kind: 'server' as const, id, name, slug })),
        ...body(keys)
          .items.filter(({ name }) => name.toLowerCase().includes(wanted))
          .slice(0, MOST)
          .map(({ id, name }) => ({ kind: 'key' as const, id, name, slug: undefined })),
      ];
    },
    enabled: q !== '',
    staleTime: 10_000,
    refetchInterval: false,
  });
}
