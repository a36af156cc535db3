import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import type { components } from './schema.js';

/** One setting of the registry that answers. */
export type Setting = components['schemas']['SettingView'];

/** The settings that the registry was started with; they change when it is started again. Role `admin`. */
export function settings() {
  return queryOptions({
    queryKey: ['settings'],
    queryFn: async ({ signal }) => body(await api.GET('/v1/settings', { signal })).items,
    refetchInterval: false,
  });
}
