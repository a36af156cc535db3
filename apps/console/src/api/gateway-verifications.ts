import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import { pagesOf } from './pages.js';
import type { components } from './schema.js';

/** One verification of a gateway. */
export type Verification = components['schemas']['VerificationView'];

const PAGE = 50;

/** The verifications of a gateway, newest first. */
export function gatewayVerifications(ref: string) {
  return pagesOf(['verifications', 'of', ref], async (cursor, signal) => {
    const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
    return body(await api.GET('/v1/gateways/{ref}/verifications', { params: { path: { ref }, query }, signal }));
  });
}

/** One verification of a gateway. */
export function gatewayVerification(ref: string, vid: string) {
  return queryOptions({
    queryKey: ['verifications', 'one', ref, vid],
    queryFn: async ({ signal }) => {
      const params = { path: { ref, vid } };
      return body(await api.GET('/v1/gateways/{ref}/verifications/{vid}', { params, signal }));
    },
  });
}
