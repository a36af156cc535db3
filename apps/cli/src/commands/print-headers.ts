import { CliError } from '../errors/cli.error.js';
import { headersFromLogins, loginHeadersOf, refuseBound } from '../login/login-headers.js';
import { readUpstreams } from '../mcp/upstreams.js';
import { callerKey, endpointFor, withTokens } from './open-logins.js';
import { type CommonFlags, type RunContext, terminalFor } from './run-context.js';

/** `lethe headers <server>`: the headers of the person's logins as JSON, for a client that runs a program to get its headers. */
export async function printHeaders(context: RunContext, server: string, flags: CommonFlags): Promise<void> {
  refuseTerminal(context);
  const terminal = terminalFor(context, flags);
  const endpoint = await endpointFor(context, server, flags);
  const wanted = loginHeadersOf(await readUpstreams(endpoint, callerKey(context)));
  const { headers, failures } = await withTokens(context, (tokens) => headersFromLogins(endpoint, wanted, tokens));
  const worst = failures.find(({ error }) => error.code !== 'not_logged_in') ?? failures[0];
  if (worst && Object.keys(headers).length === 0) throw worst.error;
  for (const { gateway, error } of failures)
    terminal.note(`No header for ${gateway}: ${error.message} (${error.code})`);
  context.streams.stdout.write(`${JSON.stringify(headers)}\n`);
}

/** `lethe token <server> <gateway>`: the access token alone, for a program. */
export async function printToken(
  context: RunContext,
  server: string,
  gateway: string,
  flags: CommonFlags,
): Promise<void> {
  refuseTerminal(context);
  const endpoint = await endpointFor(context, server, flags);
  const wanted = loginHeadersOf(await readUpstreams(endpoint, callerKey(context)));
  const target = wanted.find(({ header }) => header.gateway === gateway);
  if (!target) {
    throw new CliError('usage', 'gateway_unknown', 'No gateway of that name here takes an access token');
  }
  refuseBound(target);
  const { origin } = target;
  const token = await withTokens(context, (tokens) => tokens.tokenFor({ server: endpoint.mcp, gateway, origin }));
  context.streams.stdout.write(`${flags.json === true ? JSON.stringify(token) : token.accessToken}\n`);
}

/** What a terminal shows stays in its scrollback, and in screenshots. */
function refuseTerminal({ streams: { stdout } }: RunContext): void {
  if (!('isTTY' in stdout) || stdout.isTTY !== true) return;
  throw new CliError('usage', 'terminal_output', 'This prints tokens, which a terminal would keep; nothing was read', [
    'Pipe it into the program that needs it.',
  ]);
}
