import type { Grant, RejectedCredential, ServerEras } from '@lethe/contracts';
import { CliError } from '../errors/cli.error.js';
import { type GatewayResponse, gatewayResponse, type ServerResponse, serverResponse } from '../registry/responses.js';
import { findGateways, findServer } from '../registry/find-by-reference.js';
import type { RegistryClient } from '../registry/registry-client.js';
import type { Terminal } from '../terminal/terminal.js';
import { gatewaysOf, newKey } from './make-key.js';
import { printServer } from './print-server.js';
import { type GatewayRule, ruleLimits, type RuleLimits } from './rule-limits.js';
import { type CommonFlags, registryFor, type RunContext, servedSoon, terminalFor } from './run-context.js';

/** Flags of `lethe serve`. */
export interface ServeFlags extends CommonFlags, RuleLimits {
  from: string[];
  slug?: string;
  open?: boolean;
  eras?: ServerEras;
  rejectedCredential?: RejectedCredential;
  add?: boolean;
  grant?: Grant[];
  tag?: string[];
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
    const known = await client.list(gatewayResponse, '/gateways');
    const server = await addTo(
      client,
      terminal,
      await findServer(client, name, '<name>'),
      newRules(
        gateways.map(({ slug }) => slug),
        flags,
      ),
      known,
    );
    return printServer(context, client, terminal, { server, gateways: gatewaysOf(known, server), key: undefined });
  }
  if (flags.slug === undefined) await refuseSecond(client, name);
  const isOpen = flags.open === true;
  const body = {
    name,
    ...(flags.slug !== undefined && { slug: flags.slug }),
    include: newRules(
      gateways.map(({ id }) => id),
      flags,
    ),
    ...(flags.tag && { tags: flags.tag }),
    access: isOpen ? 'open' : 'key',
    ...(flags.eras !== undefined && { eras: flags.eras }),
    ...(flags.rejectedCredential !== undefined && { rejectedCredential: flags.rejectedCredential }),
    ...(flags.grant !== undefined && { grants: flags.grant.map((grant) => ({ ...grant })) }),
  };
  const soon = servedSoon(terminal);
  const server = await client.request(serverResponse, 'POST', '/servers', { body, ...soon });
  const key = isOpen ? undefined : await newKey(client, soon, server, { name: server.name });
  noteGrants(terminal, server.slug, gateways, flags.grant);
  await printServer(context, client, terminal, { server, gateways, key });
}

/** What people with grants wonder about: what the key that was just made may do, and why `read-only` shows no tools. */
function noteGrants(
  terminal: Terminal,
  slug: string,
  gateways: readonly GatewayResponse[],
  grants: Grant[] = [],
): void {
  if (grants.length === 0) return;
  terminal.note(`The key has no role; to make one with a role: lethe key ${slug} --role <role>`);
  const untrusted = gateways.filter(({ trustHints }) => trustHints !== true).map((gateway) => gateway.slug);
  if (!grants.some(({ readOnly }) => readOnly === true) || untrusted.length === 0) return;
  terminal.note(`read-only shows no tools of ${untrusted.join(', ')} before "trustHints" of the gateway is true.`);
}

/** Keeps the rules that the server has, except those of gateways that are gone. */
async function addTo(
  client: RegistryClient,
  terminal: Terminal,
  server: ServerResponse,
  added: readonly GatewayRule[],
  known: readonly GatewayResponse[],
): Promise<ServerResponse> {
  const slugs = new Set(known.map(({ slug }) => slug));
  const kept = server.include.filter(({ gateway }) => gateway === undefined || slugs.has(gateway));
  const isWhole = ({ gateway }: GatewayRule): boolean =>
    kept.some((rule) => rule.gateway === gateway && Object.keys(rule).length === 1);
  const include = [...kept, ...added.filter((rule) => !isWhole(rule))];
  const path = `/servers/${encodeURIComponent(server.id)}`;
  return client.request(serverResponse, 'PATCH', path, { body: { include }, ...servedSoon(terminal) });
}

/** Rules for all items of the gateways, or for what the flags narrow them to. */
function newRules(gateways: readonly string[], flags: RuleLimits): GatewayRule[] {
  return gateways.map((gateway) => ({ gateway, ...ruleLimits(flags) }));
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
export function checkServeFlags({ add, slug, open, eras, rejectedCredential, grant, tag }: ServeFlags): void {
  if (add !== true || [slug, open, eras, rejectedCredential, grant, tag].every((flag) => flag === undefined)) return;
  throw new CliError('usage', 'command_line', '--add changes only which gateways are served; use it with --from alone');
}
