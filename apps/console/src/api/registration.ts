import { api, body } from './client.js';
import type { Gateway } from './gateways.js';
import type { components } from './schema.js';

/** What answers at a URL without a credential. */
export type Probe = components['schemas']['ProbeView'];
/** What a gateway is registered with. */
export type Registration = components['schemas']['RegisterGatewayDto'];

/**
 * Asks a connector what answers at this URL. It sends no credential.
 * @throws Problem `url_forbidden`, `too_many_probes`, `no_connector`; Unreachable
 */
export async function probeUrl(url: string): Promise<Probe> {
  return body(await api.POST('/v1/probes', { body: { url } }));
}

/**
 * Registers a gateway.
 * @param key the same for a repetition of a request whose answer was lost: it is done once
 * @throws Problem `slug_taken`, `url_forbidden`, `mapping_forbidden`; Unreachable
 */
export async function registerGateway(registration: Registration, key: string): Promise<Gateway> {
  return body(await api.POST('/v1/gateways', { body: registration, params: { header: { 'Idempotency-Key': key } } }));
}

/** Takes a registration back. @throws Problem; Unreachable */
export async function deleteGateway(ref: string): Promise<void> {
  await api.DELETE('/v1/gateways/{ref}', { params: { path: { ref } } });
}
