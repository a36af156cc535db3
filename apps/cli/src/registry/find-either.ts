import { CliError } from '../errors/cli.error.js';
import { nearestSlug } from './find-by-reference.js';
import type { RegistryClient } from './registry-client.js';
import { type GatewayResponse, gatewayResponse, type ServerResponse, serverResponse } from './responses.js';

/** A gateway or a virtual server, with the tag of what was read. */
export type Either =
  | { kind: 'gateway'; path: string; etag: string | undefined; gateway: GatewayResponse }
  | { kind: 'server'; path: string; etag: string | undefined; server: ServerResponse };

/**
 * The gateway or virtual server with this slug or id.
 * @throws CliError `not_found`, `ambiguous`
 */
export async function findEither(client: RegistryClient, reference: string): Promise<Either> {
  const ref = encodeURIComponent(reference);
  const [asGateway, asServer] = [`/gateways/${ref}`, `/servers/${ref}`];
  const gateway = await known(client.read(gatewayResponse, asGateway));
  const server = await known(client.read(serverResponse, asServer));
  if (gateway && server) {
    throw new CliError('usage', 'ambiguous', 'There is a gateway and a virtual server with this slug; give the id', [
      `The gateway: ${gateway.value.id}`,
      `The virtual server: ${server.value.id}`,
    ]);
  }
  if (gateway) return { kind: 'gateway', path: asGateway, etag: gateway.etag, gateway: gateway.value };
  if (server) return { kind: 'server', path: asServer, etag: server.etag, server: server.value };
  const all = [
    ...(await client.list(gatewayResponse, '/gateways')),
    ...(await client.list(serverResponse, '/servers')),
  ];
  const text = `No gateway and no virtual server has this slug or id${nearestSlug(reference, all)}`;
  throw new CliError('refused', 'not_found', text, ['To see all of them: lethe ls']);
}

async function known<T>(found: Promise<T>): Promise<T | undefined> {
  return found.catch((error: unknown) => {
    if (error instanceof CliError && error.code === 'not_found') return undefined;
    throw error;
  });
}
