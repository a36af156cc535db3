import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import type { components } from './schema.js';

/** What the deployment is made of, and whether its parts work. */
export type Status = components['schemas']['StatusView'];
/** The administrator who is signed in. */
export type Whoami = components['schemas']['WhoamiView'];

/** How the deployment is. */
export function status() {
  return queryOptions({
    queryKey: ['status'],
    queryFn: async ({ signal }) => body(await api.GET('/v1/status', { signal })),
    refetchInterval: 15_000,
  });
}

/** Who is signed in, and with which role. */
export function whoami() {
  return queryOptions({
    queryKey: ['whoami'],
    queryFn: async ({ signal }) => body(await api.GET('/v1/admins/me', { signal })),
  });
}
