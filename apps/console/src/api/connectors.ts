import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import type { components } from './schema.js';

/** A public key of the connectors, and the connectors that use it now. */
export type ConnectorIdentity = components['schemas']['ConnectorIdentityView'];

/** All public keys of the connectors, those of before included, as the registry shows them now. @throws Problem; Unreachable */
export async function readConnectors(signal?: AbortSignal): Promise<ConnectorIdentity[]> {
  const keys: ConnectorIdentity[] = [];
  let cursor: string | undefined;
  do {
    const params = { query: cursor === undefined ? {} : { cursor } };
    const page = body(await api.GET('/v1/connectors', { params, ...(signal && { signal }) }));
    keys.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return keys;
}

/** The keys of the connectors, which administrators compare; as the status, they are read again every 15 s. */
export function connectors() {
  return queryOptions({
    queryKey: ['status', 'connectors'],
    queryFn: ({ signal }) => readConnectors(signal),
    refetchInterval: 15_000,
  });
}
