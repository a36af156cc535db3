import { type Command, Option } from 'commander';
import { gatewaySlug, plainText, upstreamUrl } from './argv-rules.js';
import { wholeNumber } from './command-line/times.js';
import { type LoginFlags, logInTo } from './commands/log-in.js';
import { type LogoutFlags, logOutOf } from './commands/log-out.js';
import { printHeaders, printToken } from './commands/print-headers.js';
import type { CommonFlags, RunContext } from './commands/run-context.js';
import { CliError } from './errors/cli.error.js';
import { STORE_KINDS } from './token-store/login-store.js';

const SERVER = 'slug of a virtual server here, or its whole URL';
const MOST_PORT = 65_535;

/** Defines the commands for the person's own logins at upstreams. */
export function loginCommands(program: Command, context: RunContext): void {
  const login = program.command('login').argument('<server>', SERVER);
  withClientFlags(login)
    .argument('[gateway]', 'slug; all that take an access token, one after the other, if it is missing', gatewaySlug)
    .description('log in at the upstreams of a virtual server by OAuth; the tokens stay on this machine')
    .option('--device', 'type a code on any device instead of opening a browser here')
    .option('--no-browser', 'print the page instead of opening it')
    .option('--scope <scopes>', 'scopes to ask for besides those the upstream names, separated by spaces', scopes)
    .option('--upstream <url>', "URL of the upstream's MCP endpoint, if its origin is not enough", upstreamUrl)
    .option('--issuer <url>', 'authorization server to use, if the upstream names several', upstreamUrl)
    .addOption(new Option('--store <store>', 'where to keep the tokens (default: keychain)').choices(STORE_KINDS))
    .action((server: string, gateway: string | undefined, _flags: object, command: Command) =>
      logInTo(context, server, gateway, command.optsWithGlobals<LoginFlags>()),
    );
  program
    .command('logout')
    .argument('[server]', SERVER)
    .argument('[gateway]', 'slug', gatewaySlug)
    .description('end logins, at their authorization servers and on this machine')
    .option('--all', 'end all logins, and forget everything about them')
    .option(
      '--forget',
      'also forget which authorization server belongs to the upstream, and the client registered there',
    )
    .action((server: string | undefined, gateway: string | undefined, _flags: object, command: Command) =>
      logOutOf(context, server, gateway, command.optsWithGlobals<LogoutFlags>()),
    );
  useCommands(program, context);
}

/** The commands that use logins. */
function useCommands(program: Command, context: RunContext): void {
  program
    .command('headers')
    .argument('<server>', SERVER)
    .description('print the headers of your logins as JSON, for clients that run a program for their headers')
    .action((server: string, _flags: object, command: Command) =>
      printHeaders(context, server, command.optsWithGlobals<CommonFlags>()),
    );
  program
    .command('token')
    .argument('<server>', SERVER)
    .argument('<gateway>', 'slug', gatewaySlug)
    .description('print the access token of a login into a pipe')
    .action((server: string, gateway: string, _flags: object, command: Command) =>
      printToken(context, server, gateway, command.optsWithGlobals<CommonFlags>()),
    );
}

function withClientFlags(command: Command): Command {
  return command
    .option('--client-id <id>', 'client that was registered there for you', plainText('--client-id'))
    .option('--ask-client-secret', 'the client id has a secret, which is asked for')
    .option('--credential-stdin', 'read the secret of the client id from standard input instead of asking')
    .option('--client-metadata-url <url>', 'client metadata document to use where the server takes one', httpsUrl)
    .option(
      '--callback-port <port>',
      'port that the browser comes back to, where the registration names one',
      wholeNumber('--callback-port', 1, MOST_PORT),
    );
}

/** Scope tokens as in RFC 6749, section 3.3. */
function scopes(text: string): string {
  const tokens = text.trim().split(/\s+/);
  if (tokens.every((token) => /^[\x21\x23-\x5B\x5D-\x7E]{1,128}$/.test(token))) return tokens.join(' ');
  throw new CliError('usage', 'scope_malformed', '--scope takes scopes of visible ASCII, separated by spaces');
}

function httpsUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && url.pathname !== '/' && url.search === '' && url.username === '') return text;
  throw new CliError('usage', 'metadata_url', '--client-metadata-url takes an https URL with a path and no query');
}
