import { CliError } from '../errors/cli.error.js';
import { type GatewayResponse, gatewayResponse, type ServerResponse, serverResponse } from '../registry/responses.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { askYes } from '../terminal/ask-yes.js';
import { gatewaysOf } from './make-key.js';
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
  /** Whether virtual servers lose its items, as the text says. */
  isUsed: boolean;
}

/** `lethe rm <gateway|server>`: deletes one of them, after a question. */
export async function remove(context: RunContext, reference: string, flags: RemoveFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const found = await findAll(client, reference);
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
  // Forced only if the question has named who loses it.
  const force = first.isUsed ? '?force=true' : '';
  await client.send('DELETE', `/${first.kind}s/${encodeURIComponent(first.id)}${force}`);
  terminal.print(`Removed the ${first.text}.`);
  terminal.printJson({ removed: { kind: first.kind, id: first.id } });
}

async function findAll(client: RegistryClient, reference: string): Promise<Found[]> {
  const isMeant = ({ id, slug }: { id: string; slug: string }): boolean => id === reference || slug === reference;
  const gateways = await client.list(gatewayResponse, '/gateways');
  const servers = await client.list(serverResponse, '/servers');
  return [
    ...gateways.filter(isMeant).map((gateway) => foundGateway(gateway, servers)),
    ...servers
      .filter(isMeant)
      .map(({ id, slug }) => ({ kind: 'server' as const, id, text: `virtual server ${slug}`, isUsed: false })),
  ];
}

function foundGateway(gateway: GatewayResponse, servers: readonly ServerResponse[]): Found {
  const { id, slug, url } = gateway;
  const members = servers.filter((server) => gatewaysOf([gateway], server).length > 0);
  const losing =
    members.length === 0 ? '' : `, whose items ${members.map((server) => server.slug).join(', ')} will lose`;
  return { kind: 'gateway', id, text: `gateway ${slug} (${url})${losing}`, isUsed: members.length > 0 };
}
