import { api, body, ifMatch, type Versioned, versioned } from './client.js';
import type { Gateway } from './gateways.js';
import type { components } from './schema.js';

/** What of a gateway can be changed. */
export type GatewayChange = components['schemas']['ChangeGatewayDto'];

/**
 * Changes a gateway.
 * @throws Problem `precondition_failed` if somebody has changed it since `etag`
 */
export async function changeGateway(
  ref: string,
  changes: GatewayChange,
  etag: string | undefined,
): Promise<Versioned<Gateway>> {
  const params = { path: { ref }, header: ifMatch(etag) };
  return versioned(await api.PATCH('/v1/gateways/{ref}', { params, body: changes }));
}

/**
 * Deletes a gateway.
 * @param isForced also if virtual servers have it, which lose its items
 * @throws Problem `gateway_in_use` unless `isForced`; `precondition_failed`
 */
export async function deleteGateway(ref: string, isForced: boolean, etag: string | undefined): Promise<void> {
  const query = isForced ? { force: 'true' as const } : {};
  await api.DELETE('/v1/gateways/{ref}', { params: { path: { ref }, query, header: ifMatch(etag) } });
}

/**
 * Takes the deletion of a gateway back: with its slug and URL it is the same one again, with its verifications and its places
 * in virtual servers. What was kept of a credential is gone.
 */
export async function restoreGateway(gateway: Gateway): Promise<Gateway> {
  const { name, slug, url, transport, description, tags, itemTags, passthroughHeaders, listing, drift } = gateway;
  const { tlsCa, enabled, trustHints, limits, oauthClient } = gateway;
  const again = {
    ...{ name, slug, url, transport, description, tags, itemTags, passthroughHeaders, listing, drift },
    ...{ tlsCa, enabled, trustHints, limits, oauthClient },
  };
  return body(await api.POST('/v1/gateways', { body: again }));
}
