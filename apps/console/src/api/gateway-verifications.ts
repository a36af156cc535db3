import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import { pagesOf } from './pages.js';
import type { components } from './schema.js';

/** One verification of a gateway. */
export type Verification = components['schemas']['VerificationView'];
/** A public key by which connectors sign. */
export type ConnectorKey = components['schemas']['ConnectorIdentityView'];

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

/** The keys of the connectors, with those of before: what checks a receipt. */
export function connectorKeys() {
  return queryOptions({
    queryKey: ['connectors', 'keys'],
    queryFn: async ({ signal }) => {
      const keys: ConnectorKey[] = [];
      let cursor: string | undefined;
      do {
        const query = cursor === undefined ? {} : { cursor };
        const page = body(await api.GET('/v1/connectors', { params: { query }, signal }));
        keys.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return keys;
    },
  });
}
