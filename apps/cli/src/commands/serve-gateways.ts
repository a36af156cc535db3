import type { ServerEras } from '@lethe/contracts';
import { exactHeaderName, shortHeaderName } from '@lethe/mcp';
import {
  type GatewayResponse,
  gatewayResponse,
  keyResponse,
  type ServerResponse,
  serverResponse,
} from '../registry/responses.js';
import { findProxyUrl } from '../registry/find-registry.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';
import { columns } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';

/** Flags of `lethe serve`. */
export interface ServeFlags extends CommonFlags {
  from: string[];
  slug?: string;
  open?: boolean;
  eras?: ServerEras;
}

interface NeededHeader {
  gateway: string;
  /** Valid on every virtual server with this gateway. */
  exact: string;
  /** The short form, valid on this virtual server. */
  short: string | undefined;
  required: boolean;
}

/**
 * `lethe serve <name> --from <gateway>…`: creates a virtual server with all items of these gateways, and a key to call
 * it.
 */
export async function serveGateways(context: RunContext, name: string, flags: ServeFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags, terminal);
  const gateways = await Promise.all(
    flags.from.map((reference) => client.request(gatewayResponse, 'GET', `/gateways/${encodeURIComponent(reference)}`)),
  );
  const isOpen = flags.open === true;
  const body = {
    name,
    ...(flags.slug !== undefined && { slug: flags.slug }),
    include: gateways.map(({ id }) => ({ gateway: id })),
    access: isOpen ? 'open' : 'key',
    ...(flags.eras !== undefined && { eras: flags.eras }),
  };
  const server = await client.request(serverResponse, 'POST', '/servers', { body, waitSeconds: 5 });
  const key = isOpen ? undefined : await newKey(client, server);
  const proxyUrl = await findProxyUrl(context.settings, client.address);
  const headers = gateways.flatMap((gateway) => neededHeaders(gateway, server));
  printServer(terminal, server, proxyUrl, key, headers);
  terminal.printJson({ server, endpoint: proxyUrl && `${proxyUrl}${server.path}`, key, headers });
}

async function newKey(client: RegistryClient, { id, name }: ServerResponse): Promise<string> {
  const { key } = await client.request(keyResponse, 'POST', '/keys', { body: { name, servers: [id] }, waitSeconds: 5 });
  return key;
}

function neededHeaders({ id, slug, passthroughHeaders }: GatewayResponse, server: ServerResponse): NeededHeader[] {
  const owners = new Map(Object.entries(server.shortForm).map(([header, owner]) => [header.toLowerCase(), owner]));
  return passthroughHeaders.map(({ header, required }) => {
    const owner = owners.get(header.toLowerCase());
    const short = owner === id || owner === slug ? shortHeaderName(header) : undefined;
    return { gateway: slug, exact: exactHeaderName(slug, header), short, required: required === true };
  });
}

function printServer(
  terminal: Terminal,
  server: ServerResponse,
  proxyUrl: string | undefined,
  key: string | undefined,
  headers: NeededHeader[],
): void {
  terminal.print(`${server.slug} serves ${server.exposed.length} items.`);
  for (const { gateway, own, reason } of server.leftOut) {
    terminal.note(`Left out: ${own ?? 'all'} of ${gateway} (${reason})`);
  }
  terminal.print(`  endpoint  ${proxyUrl ?? '<URL of the proxies>'}${server.path}`);
  terminal.print('Headers that a client sends:');
  const access = key === undefined ? [] : [['  Authorization', `Bearer ${key}`, '(shown only once)']];
  const passed = headers.map((header) => [
    `  ${header.short ?? header.exact}`,
    `<the caller's own credential for ${header.gateway}>`,
    header.short === undefined ? '' : `(or ${header.exact})`,
  ]);
  for (const line of columns([...access, ...passed])) terminal.print(line);
}
