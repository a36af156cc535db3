import { type Command, Option } from 'commander';
import { gatewaySlug, upstreamUrl } from './argv-rules.js';
import { type LoginFlags, logInTo } from './commands/log-in.js';
import { type LogoutFlags, logOutOf } from './commands/log-out.js';
import { printHeaders, printToken } from './commands/print-headers.js';
import type { CommonFlags, RunContext } from './commands/run-context.js';
import { withSignInFlags } from './sign-in-flags.js';
import { STORE_KINDS } from './token-store/login-store.js';

const SERVER = 'slug of a virtual server here, or its whole URL';

/** Defines the commands for the person's own logins at upstreams. */
export function loginCommands(program: Command, context: RunContext): void {
  const login = program.command('login').argument('<server>', SERVER);
  withSignInFlags(login)
    .argument('[gateway]', 'slug; all that take an access token, one after the other, if it is missing', gatewaySlug)
    .description('log in at the upstreams of a virtual server by OAuth; the tokens stay on this machine')
    .option('--credential-stdin', 'read the secret of the client id from standard input instead of asking')
    .option('--upstream <url>', "URL of the upstream's MCP endpoint, if its origin is not enough", upstreamUrl)
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
