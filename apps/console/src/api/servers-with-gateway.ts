import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import type { components } from './schema.js';

/** A virtual server. */
type Server = components['schemas']['ServerView'];

const PAGE = 200;

/** All virtual servers that have items of a gateway, or may get some by their rules. */
export function serversWithGateway(gateway: string) {
  return queryOptions({
    queryKey: ['servers', 'with', gateway],
    queryFn: async ({ signal }) => {
      const servers: Server[] = [];
      let cursor: string | undefined;
      do {
        const query = { gateway, sort: 'slug' as const, limit: PAGE, ...(cursor !== undefined && { cursor }) };
        const page = body(await api.GET('/v1/servers', { params: { query }, signal }));
        servers.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return servers;
    },
  });
}
