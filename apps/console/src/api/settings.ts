import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import type { components } from './schema.js';

/** One setting of the registry that answers. */
export type Setting = components['schemas']['SettingView'];
/** A signing key of connectors, and the connectors that use it now. */
export type ConnectorIdentity = components['schemas']['ConnectorIdentityView'];

/** The settings that the registry was started with; they change when it is started again. Role `admin`. */
export function settings() {
  return queryOptions({
    queryKey: ['settings'],
    queryFn: async ({ signal }) => body(await api.GET('/v1/settings', { signal })).items,
    refetchInterval: false,
  });
}

/** The keys of connectors, which administrators compare; as the status, they are read again every 15 s. */
export function connectorIdentities() {
  return queryOptions({
    queryKey: ['status', 'connectors'],
    queryFn: async ({ signal }) =>
      body(await api.GET('/v1/connectors', { params: { query: { limit: 1_000 } }, signal })).items,
    refetchInterval: 15_000,
  });
}
