import { queryOptions } from '@tanstack/react-query';
import { api, body, versioned } from './client.js';
import { pagesOf } from './pages.js';
import type { components, operations } from './schema.js';

/** A gateway: a registered upstream MCP server. */
export type Gateway = components['schemas']['GatewayView'];
/** By what gateways are filtered and sorted. */
export type GatewayFilters = Omit<NonNullable<operations['listGateways']['parameters']['query']>, 'cursor' | 'limit'>;

const PAGE = 200;

/** All gateways that match, page by page. */
export function gatewayPages(filters: GatewayFilters) {
  return pagesOf(['gateways', 'list', filters], async (cursor, signal) =>
    body(
      await api.GET('/v1/gateways', {
        params: { query: { ...filters, limit: PAGE, ...(cursor && { cursor }) } },
        signal,
      }),
    ),
  );
}

/** One gateway by id or slug, with its `ETag`. */
export function oneGateway(ref: string) {
  return queryOptions({
    queryKey: ['gateways', 'one', ref],
    queryFn: async ({ signal }) =>
      versioned(await api.GET('/v1/gateways/{ref}', { params: { path: { ref } }, signal })),
  });
}
