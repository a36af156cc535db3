import { neededHeaders } from '@lethe/mcp';
import { proxyUrlOf } from '../registry/find-proxies.js';
import { findEither } from '../registry/find-either.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { type GatewayResponse, gatewayResponse, type ServerResponse, serverResponse } from '../registry/responses.js';
import { columns, countText } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { countsText, whereToLogIn } from '../verification/receipt-text.js';
import { warningText } from '../verification/warning-text.js';
import { loginFindings } from '../doctor/login-checks.js';
import { headerRows, takingHeaders } from './header-rows.js';
import { gatewaysOf } from './make-key.js';
import { noteWarnings } from './print-server.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';

/** `lethe show <gateway|server>`: everything to know about one of them. */
export async function showOne(context: RunContext, reference: string, flags: CommonFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const found = await findEither(client, reference);
  if (found.kind === 'gateway') {
    const servers = await client.list(serverResponse, '/servers');
    const serving = servers.filter((server) => gatewaysOf([found.gateway], server).length > 0);
    showGateway(terminal, found.gateway, serving);
    terminal.printJson({ gateway: found.gateway, servers: serving.map(({ id, slug }) => ({ id, slug })) });
  } else {
    const proxyUrl = await proxyUrlOf(context.settings, client);
    await showServer(client, terminal, found.server, `${proxyUrl ?? '<URL of the proxies>'}${found.server.path}`);
    terminal.printJson({ server: found.server });
  }
}

function showGateway(terminal: Terminal, gateway: GatewayResponse, servers: readonly ServerResponse[]): void {
  const { slug, name, id, url, state, enabled, pending, counts, eras, lastVerification: last } = gateway;
  const rows: [string, string][] = [
    ['gateway', `${slug} (${name})`],
    ['id', id],
    ['url', url],
    ...tagRow(gateway.tags),
    ...(pending ? [['pending url', pending.url] satisfies [string, string]] : []),
    ['state', `${state}${enabled === false ? ', switched off' : ''}`],
    ['catalogue', counts ? countsText({ skipped: 0, ...counts }) : '-'],
    ['protocol', eras.map(({ era, protocolVersion }) => `${era} ${protocolVersion}`).join(', ') || '-'],
    ['last verification', last ? [last.state, last.code].filter(Boolean).join(': ') : 'none'],
    ...loginRows(gateway),
    ...keptRow(gateway),
    ['served by', servers.map((server) => server.slug).join(', ') || 'no virtual server'],
  ];
  for (const line of columns(rows)) terminal.print(line);
  const headers = neededHeaders([gateway], {});
  terminal.print(headers.length === 0 ? 'Callers send no header for it.' : 'Headers that callers send for it:');
  for (const line of columns(headerRows(headers))) terminal.print(line);
  for (const warning of gateway.warnings) terminal.note(`Warning: ${warningText(warning)}`);
  for (const { text } of loginFindings([gateway])) terminal.note(text);
  if (gateway.reviewVerification) terminal.note(`A result waits for your review: lethe apply ${slug}`);
}

function loginRows({ facts, oauthClient }: GatewayResponse): [string, string][] {
  return [
    ...(facts?.oauth ? [['people log in', `at ${whereToLogIn(facts.oauth)}`] satisfies [string, string]] : []),
    ...(oauthClient
      ? [['login client', `${oauthClient.clientId}, at ${oauthClient.issuer}`] satisfies [string, string]]
      : []),
  ];
}

function keptRow({ slug, kept }: GatewayResponse): [string, string][] {
  return kept
    ? [
        ['kept credential', `${kept.state}, until ${kept.until}, by ${kept.by.name}`],
        ...(kept.rejectedAt ? [['', `rejected by the upstream at ${kept.rejectedAt}`] satisfies [string, string]] : []),
      ]
    : [['credential', `once, for the verification; to keep one for calls: lethe keep ${slug}`]];
}

function tagRow(tags: readonly string[]): [string, string][] {
  return tags.length === 0 ? [] : [['tags', tags.join(', ')]];
}

async function showServer(
  client: RegistryClient,
  terminal: Terminal,
  server: ServerResponse,
  endpoint: string,
): Promise<void> {
  const { slug, name, id, access, enabled, exposed, leftOut } = server;
  const rows: [string, string][] = [
    ['virtual server', `${slug} (${name})${enabled === false ? ', switched off' : ''}`],
    ['id', id],
    ['endpoint', endpoint],
    ...tagRow(server.tags),
    ['access', typeof access === 'string' ? access : 'jwt'],
    ['serves', countText(exposed.length, 'item')],
    ...(server.credentials ?? []).map(({ gateway, use }): [string, string] => ['credentials', `${gateway}: ${use}`]),
  ];
  for (const line of columns(rows)) terminal.print(line);
  const items = exposed.map(({ kind, exposed: shown, gateway, own }) => [
    `  ${kind}`,
    shown,
    `${gateway}${own === shown ? '' : ` (${own})`}`,
  ]);
  for (const line of columns(items)) terminal.print(line);
  for (const { gateway, own, reason } of leftOut) terminal.note(`Left out: ${own ?? 'all'} of ${gateway} (${reason})`);
  const gateways = gatewaysOf(await client.list(gatewayResponse, '/gateways'), server);
  const headers = neededHeaders(takingHeaders(gateways, server), server.shortForm);
  if (headers.length > 0) terminal.print('Headers that callers send, besides what identifies them:');
  for (const line of columns(headerRows(headers))) terminal.print(line);
  noteWarnings(terminal, server);
  terminal.print(`To configure a client: lethe connect ${slug}`);
}
