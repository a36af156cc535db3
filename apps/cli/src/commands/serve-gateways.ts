import type { ServerEras } from '@lethe/contracts';
import { CliError } from '../errors/cli.error.js';
import {
  type GatewayResponse,
  gatewayResponse,
  keyResponse,
  type ServerResponse,
  serverResponse,
} from '../registry/responses.js';
import { findGateways, findServer } from '../registry/find-by-reference.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { printServer } from './print-server.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor, WAIT_SECONDS } from './run-context.js';

/** Flags of `lethe serve`. */
export interface ServeFlags extends CommonFlags {
  from: string[];
  slug?: string;
  open?: boolean;
  eras?: ServerEras;
  add?: boolean;
}

/** Flags of `lethe key`. */
export interface KeyFlags extends CommonFlags {
  name?: string;
}

/**
 * `lethe serve <name> --from <gateway>…`: creates a virtual server with all items of these gateways, and a key to call
 * it. With `--add`: adds the gateways to a virtual server.
 */
export async function serveGateways(context: RunContext, name: string, flags: ServeFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const gateways = await findGateways(client, flags.from, '--from');
  for (const gateway of gateways) requireVerified(gateway);
  if (flags.add === true) {
    const server = await addTo(client, await findServer(client, name, '<name>'), gateways);
    const all = await gatewaysOf(client, server);
    return printServer(context, client, terminal, { server, gateways: all, key: undefined });
  }
  if (flags.slug === undefined) await refuseSecond(client, name);
  const isOpen = flags.open === true;
  const body = {
    name,
    ...(flags.slug !== undefined && { slug: flags.slug }),
    include: gateways.map(({ id }) => ({ gateway: id })),
    access: isOpen ? 'open' : 'key',
    ...(flags.eras !== undefined && { eras: flags.eras }),
  };
  const server = await client.request(serverResponse, 'POST', '/servers', { body, waitSeconds: WAIT_SECONDS });
  const key = isOpen ? undefined : await newKey(client, server, server.name);
  await printServer(context, client, terminal, { server, gateways, key });
}

/** `lethe key <server>`: makes another key for a virtual server. */
export async function makeKey(context: RunContext, reference: string, flags: KeyFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const server = await findServer(client, reference, '<server>');
  if (server.access !== 'key') {
    throw new CliError('refused', 'no_key_needed', `${server.slug} takes no keys of Lethe`);
  }
  const gateways = await gatewaysOf(client, server);
  const key = await newKey(client, server, flags.name ?? server.name);
  await printServer(context, client, terminal, { server, gateways, key });
}

async function newKey(client: RegistryClient, { id }: ServerResponse, name: string): Promise<string> {
  const { key } = await client.request(keyResponse, 'POST', '/keys', {
    body: { name, servers: [id] },
    waitSeconds: WAIT_SECONDS,
  });
  return key;
}

/** Keeps the rules that the server has, except those of gateways that are gone. */
async function addTo(
  client: RegistryClient,
  server: ServerResponse,
  added: readonly GatewayResponse[],
): Promise<ServerResponse> {
  const known = new Set((await client.list(gatewayResponse, '/gateways')).map(({ slug }) => slug));
  const kept = server.include.filter(({ gateway }) => known.has(gateway));
  const isWhole = (slug: string): boolean =>
    kept.some((rule) => rule.gateway === slug && !('names' in rule) && !('kinds' in rule));
  const include = [...kept, ...added.flatMap(({ slug }) => (isWhole(slug) ? [] : [{ gateway: slug }]))];
  const path = `/servers/${encodeURIComponent(server.id)}`;
  return client.request(serverResponse, 'PATCH', path, { body: { include }, waitSeconds: WAIT_SECONDS });
}

/** The gateways of a server that still exist, in the order of its rules. */
async function gatewaysOf(client: RegistryClient, server: ServerResponse): Promise<GatewayResponse[]> {
  const slugs = new Set([...server.include, ...server.items].map(({ gateway }) => gateway));
  const gateways = await client.list(gatewayResponse, '/gateways');
  return [...slugs].flatMap((slug) => gateways.find((gateway) => gateway.slug === slug) ?? []);
}

function requireVerified({ slug, state, reviewVerification }: GatewayResponse): void {
  if (state === 'verified') return;
  if (reviewVerification) {
    throw new CliError(
      'refused',
      'gateway_waits_for_review',
      `${slug} waits for your review; nothing of it is served`,
      [`Review it first: lethe apply ${slug}`],
    );
  }
  throw new CliError('refused', 'gateway_unverified', `${slug} is not verified, so nothing of it would be served`, [
    `Verify it first: lethe verify ${slug}`,
  ]);
}

/** Whoever runs the command again hardly ever wants a second server with a key of its own. */
async function refuseSecond(client: RegistryClient, name: string): Promise<void> {
  const servers = await client.list(serverResponse, '/servers');
  const first = servers.find((server) => server.name === name || server.slug === name);
  if (first === undefined) return;
  throw new CliError('refused', 'server_exists', `There is a virtual server with this name already: ${first.slug}`, [
    `To make another key for it: lethe key ${first.slug}`,
    `To add gateways to it: lethe serve ${first.slug} --add --from <gateway>`,
    'To create another one with this name, give it a slug of its own: --slug <slug>',
  ]);
}

/**
 * The rule of `--add`.
 * @throws CliError `command_line`
 */
export function checkServeFlags({ add, slug, open, eras }: ServeFlags): void {
  if (add !== true || (slug === undefined && open === undefined && eras === undefined)) return;
  throw new CliError('usage', 'command_line', '--add changes only which gateways are served; use it with --from alone');
}
