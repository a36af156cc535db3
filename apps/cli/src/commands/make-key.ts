import { CliError } from '../errors/cli.error.js';
import { findServer } from '../registry/find-by-reference.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { issuedKeyResponse } from '../registry/key-responses.js';
import { type GatewayResponse, gatewayResponse, type ServerResponse } from '../registry/responses.js';
import { printServer } from './print-server.js';
import {
  type CommonFlags,
  registryFor,
  type RunContext,
  servedSoon,
  type ServedSoon,
  terminalFor,
} from './run-context.js';

/** Flags of `lethe keys add`. */
export interface KeyFlags extends CommonFlags {
  name?: string;
  role?: string[];
  expires?: string;
}

/** `lethe keys add <server>`, and `lethe key <server>`: makes another key for a virtual server. */
export async function makeKey(context: RunContext, reference: string, flags: KeyFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const server = await findServer(client, reference, '<server>');
  if (server.access !== 'key') {
    throw new CliError('refused', 'no_key_needed', `${server.slug} takes no keys of Lethe`);
  }
  const gateways = gatewaysOf(await client.list(gatewayResponse, '/gateways'), server);
  const { name = server.name, role: roles = [], expires: expiresAt } = flags;
  const key = await newKey(client, servedSoon(terminal), server, { name, roles, expiresAt });
  await printServer(context, client, terminal, { server, gateways, key, roles });
}

/** Makes a key for one virtual server. */
export async function newKey(
  client: RegistryClient,
  soon: ServedSoon,
  { id }: ServerResponse,
  { name, roles = [], expiresAt }: { name: string; roles?: readonly string[]; expiresAt?: string | undefined },
): Promise<string> {
  const { key } = await client.request(issuedKeyResponse, 'POST', '/keys', {
    body: {
      ...{ name, servers: [id] },
      ...(roles.length > 0 && { roles: [...roles] }),
      ...(expiresAt !== undefined && { expiresAt }),
    },
    ...soon,
  });
  return key;
}

/** The gateways of a server that still exist, in the order of its rules. */
export function gatewaysOf(known: readonly GatewayResponse[], server: ServerResponse): GatewayResponse[] {
  const slugs = new Set(server.gateways ?? [...server.include, ...server.items].map(({ gateway }) => gateway));
  return [...slugs].flatMap((slug) => known.find((gateway) => gateway.slug === slug) ?? []);
}
