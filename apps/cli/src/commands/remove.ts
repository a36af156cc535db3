import { CliError } from '../errors/cli.error.js';
import { gatewayResponse, serverResponse } from '../registry/responses.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { askYes } from '../terminal/ask-yes.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';

/** Flags of `lethe rm`. */
export interface RemoveFlags extends CommonFlags {
  yes?: boolean;
}

interface Found {
  kind: 'gateway' | 'server';
  id: string;
  /** What it is and what goes with it, in one line. */
  text: string;
}

/** `lethe rm <gateway|server>`: deletes one of them, after a question. */
export async function remove(context: RunContext, reference: string, flags: RemoveFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const found = [...(await findGateways(client, reference)), ...(await findServers(client, reference))];
  const [first, second] = found;
  if (first === undefined) {
    const text = 'No gateway and no virtual server has this slug or id';
    throw new CliError('refused', 'not_found', text, ['To see all of them: lethe ls']);
  }
  if (second !== undefined) {
    const commands = found.map(({ kind, id }) => `The ${kind}: lethe rm ${id}`);
    throw new CliError('usage', 'ambiguous', 'There is a gateway and a virtual server with this slug', commands);
  }
  if (flags.yes !== true) await askYes(terminal, `Remove the ${first.text}?`);
  await client.send('DELETE', `/${first.kind}s/${encodeURIComponent(first.id)}`);
  terminal.print(`Removed the ${first.text}.`);
  terminal.printJson({ removed: { kind: first.kind, id: first.id } });
}

async function findGateways(client: RegistryClient, reference: string): Promise<Found[]> {
  const gateways = await client.list(gatewayResponse, '/gateways');
  const gateway = gateways.find(({ id, slug }) => id === reference || slug === reference);
  if (gateway === undefined) return [];
  const servers = await client.list(serverResponse, '/servers');
  const members = servers.filter(({ include, items }) =>
    [...include, ...items].some((rule) => rule.gateway === gateway.slug),
  );
  const losing = members.length === 0 ? '' : `, whose items ${members.map(({ slug }) => slug).join(', ')} will lose`;
  return [{ kind: 'gateway', id: gateway.id, text: `gateway ${gateway.slug} (${gateway.url})${losing}` }];
}

async function findServers(client: RegistryClient, reference: string): Promise<Found[]> {
  const servers = await client.list(serverResponse, '/servers');
  const server = servers.find(({ id, slug }) => id === reference || slug === reference);
  return server === undefined ? [] : [{ kind: 'server', id: server.id, text: `virtual server ${server.slug}` }];
}
