import type {
  CurationWarningResponse,
  GatewayResponse,
  ServerResponse,
  ServerWarningResponse,
} from '../registry/responses.js';
import { consoleUrlOf, proxyUrlOf } from '../registry/find-proxies.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { columns, countText } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { type CallSnippets, callSnippets } from './call-snippets.js';
import { type NeededHeader, neededHeaders } from '@lethe/mcp';
import { headerRows, takingHeaders } from './header-rows.js';
import type { RunContext } from './run-context.js';

/** A virtual server to show, with a key if one was made now. */
export interface ShownServer {
  server: ServerResponse;
  gateways: readonly GatewayResponse[];
  key: string | undefined;
  /** Those of the key. */
  roles?: readonly string[];
}

/** Prints how to call a virtual server: endpoint, headers, and commands to paste. */
export async function printServer(
  context: RunContext,
  client: RegistryClient,
  terminal: Terminal,
  { server, gateways, key, roles = [] }: ShownServer,
): Promise<void> {
  const proxyUrl = await proxyUrlOf(context.settings, client);
  const consoleUrl = await consoleUrlOf(client);
  const endpoint = proxyUrl === undefined ? undefined : `${proxyUrl}${server.path}`;
  const headers = neededHeaders(takingHeaders(gateways, server, roles), server.shortForm);
  const { path, slug: name } = server;
  const isOpen = server.access === 'open';
  const snippets = callSnippets({ endpoint, path, name, isOpen, isLegacyOnly: server.eras === 'legacy', headers });
  terminal.print(`${server.slug} serves ${countText(server.exposed.length, 'item')}.`);
  for (const { gateway, own, reason } of server.leftOut) {
    terminal.note(`Left out: ${own ?? 'all'} of ${gateway} (${reason})`);
  }
  if (server.exposed.length === 0) terminal.note(`Warning: clients of ${server.slug} see nothing.`);
  noteWarnings(terminal, server);
  terminal.print(`  endpoint  ${endpoint ?? `<URL of the proxies>${path}`}`);
  if (endpoint === undefined) {
    terminal.note('Set LETHE_PUBLIC_URL to the URL at which clients reach the proxies, and it is printed here.');
  }
  if (consoleUrl !== undefined) terminal.print(`  console   ${consoleUrl}`);
  printHeaders(terminal, isOpen, key, headers);
  noteSignIn(terminal, server.slug, gateways, headers);
  printSnippets(terminal, snippets);
  terminal.printJson({ server, endpoint, key, headers, snippets });
}

/** What to know about a virtual server: what it has lost, and that its clients may have to send more headers than the way to it lets pass. */
export function noteWarnings(terminal: Terminal, { slug, warnings, curationWarnings, lost }: ServerResponse): void {
  for (const { gateway, kind, name, since } of lost) {
    terminal.note(
      `Lost by ${slug}: ${kind} ${name} of ${gateway}, which its upstream no longer lists (since ${since})`,
    );
  }
  for (const warning of warnings) terminal.note(`Warning: ${serverWarningText(slug, warning)}`);
  for (const warning of curationWarnings) terminal.note(`Warning: ${curationWarningText(slug, warning)}`);
}

function curationWarningText(slug: string, warning: CurationWarningResponse): string {
  const { code, gateway = '', estimatedTokens = 0, limitTokens = 0 } = warning;
  switch (code) {
    case 'hints_untrusted':
      return `rules of ${slug} ask for annotations, and those of ${gateway} do not count: lethe edit ${gateway} --trust-hints`;
    case 'tags_unsealed':
      return `the tags of ${gateway} do not count for ${slug} before they are set again: lethe edit ${gateway} --tag <tag>`;
    case 'tools_over_limit':
      return (
        `the tools of ${slug} take about ${estimatedTokens} tokens of a model's context, more than ${limitTokens}: ` +
        `lethe size ${slug} shows the largest`
      );
    default:
      return code;
  }
}

function serverWarningText(slug: string, warning: ServerWarningResponse): string {
  const { code, headers, needsKib, limitKib, setting } = warning;
  if (code !== 'headers_over_limit') return code;
  const part =
    setting === 'LETHE_MAX_HEADER_KIB' ? 'the proxies accept' : 'what stands in front of the proxies accepts';
  return (
    `a client that sends all ${headers} credentials of ${slug} may need ${needsKib} KiB of headers (4 KiB each), and ` +
    `${part} ${limitKib} KiB (${setting}): raise the limit there, or serve fewer gateways`
  );
}

function printHeaders(terminal: Terminal, isOpen: boolean, key: string | undefined, headers: NeededHeader[]): void {
  const access = [
    '  Authorization',
    `Bearer ${key ?? '<a key for this virtual server>'}`,
    key === undefined ? '(required)' : '(required; shown only once)',
  ];
  const rows = [...(isOpen ? [] : [access]), ...headerRows(headers)];
  terminal.print(rows.length === 0 ? 'A client sends no header of its own.' : 'Headers that a client sends:');
  for (const line of columns(rows)) terminal.print(line);
}

/** Where people get a token by signing in, a variable is the harder way. */
function noteSignIn(
  terminal: Terminal,
  slug: string,
  gateways: readonly GatewayResponse[],
  headers: readonly NeededHeader[],
): void {
  const sending = new Set(headers.map(({ gateway }) => gateway));
  const signIn = gateways.filter((gateway) => gateway.facts?.oauth !== undefined && sending.has(gateway.slug));
  if (signIn.length === 0) return;
  const names = signIn.map((gateway) => gateway.slug).join(', ');
  terminal.note(
    `People can sign in for ${names} instead of pasting a token: lethe login ${slug}; ` +
      `for their clients: lethe connect ${slug} --client <client> --way bridge`,
  );
}

function printSnippets(terminal: Terminal, { variables, curl, claude }: CallSnippets): void {
  const names = Object.entries(variables);
  if (names.length > 0) terminal.print('Variables for the commands below; set them first, with export <name>=<value>:');
  for (const line of columns(names.map(([name, text]) => [`  ${name}`, text]))) terminal.print(line);
  terminal.print('A first call, in a shell:');
  for (const line of curl.split('\n')) terminal.print(line);
  terminal.print('A client, such as Claude Code, which reads the variables itself:');
  for (const line of claude.split('\n')) terminal.print(line);
}
