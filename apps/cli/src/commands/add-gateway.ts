import { credentialKind } from '../credential/credential-kind.js';
import { gatewayResponse } from '../registry/responses.js';
import { registryFor, type RunContext, terminalFor } from './run-context.js';
import { verifyFor, type VerifyFlags } from './verify-gateway.js';

/** Flags of `lethe add`. */
export interface AddFlags extends VerifyFlags {
  name: string;
  slug?: string;
  description?: string;
  tag?: string[];
}

/** `lethe add <url>`: registers an upstream and verifies it. `url` is canonical. */
export async function addGateway(context: RunContext, url: string, flags: AddFlags): Promise<void> {
  credentialKind(flags);
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const { name, slug, description, tag: tags } = flags;
  const body = { name, url, ...(slug && { slug }), ...(description && { description }), ...(tags && { tags }) };
  const gateway = await client.request(gatewayResponse, 'POST', '/gateways', { body });
  terminal.note(`Registered ${gateway.slug}. It is published after it is verified.`);
  await verifyFor(context, client, terminal, gateway, url, flags);
}
