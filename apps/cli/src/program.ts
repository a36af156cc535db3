import { type Grant, REJECTED_CREDENTIAL, SERVER_ERAS } from '@lethe/contracts';
import { TRUST_ROLES } from '@lethe/sealing';
import { Argument, type Command, Option } from 'commander';
import { gatewaySlug, plainText, upstreamUrl } from './argv-rules.js';
import { withRule } from './command-line/command-rules.js';
import { adminCommands } from './admin-commands.js';
import { bridgeCommand } from './bridge-command.js';
import { addGateway, type AddFlags } from './commands/add-gateway.js';
import { makeAdminToken, makeTrust, replaceKey, showTrust } from './commands/keep-trust.js';
import { remove, type RemoveFlags } from './commands/remove.js';
import { checkServeFlags, serveGateways, type ServeFlags } from './commands/serve-gateways.js';
import { verifyGateway, type VerifyFlags } from './commands/verify-gateway.js';
import type { CommonFlags, RunContext } from './commands/run-context.js';
import { collectTag, withGatewayTags, withRuleLimits } from './curation-flags.js';
import { chosenKind, requireKind } from './credential/credential-kind.js';
import { withCredentialFlags } from './credential-flags.js';
import { grantOf } from './grant-flags.js';
import { inspectionCommands } from './inspection-commands.js';
import { keepCommands } from './keep-commands.js';
import { keyCommands } from './key-commands.js';
import { listCommands } from './list-commands.js';
import { loginCommands } from './login-commands.js';
import { reviewCommands, transferCommands } from './review-commands.js';
import { rootProgram } from './root-program.js';

/** Defines every command with its flags. Each command is one function. */
export function makeProgram(context: RunContext): Command {
  const program = rootProgram(context);
  gatewayCommands(program, context);
  keepCommands(program, context);
  serverCommands(program, context);
  keyCommands(program, context);
  adminCommands(program, context);
  trustCommands(program, context);
  inspectionCommands(program, context);
  loginCommands(program, context);
  bridgeCommand(program, context);
  transferCommands(program, context);
  return program;
}

function gatewayCommands(program: Command, context: RunContext): void {
  const add = program.command('add').argument('<url>', 'URL of the upstream MCP server', upstreamUrl);
  withGatewayTags(withCredentialFlags(add, requireKind))
    .usage(
      '<url> --name <name> (--bearer | --oauth | --basic <user> | --header <name> | --query <name> | ' +
        '--oauth-client-id <id> --token-url <url> | --no-credential) [options]',
    )
    .description('register an upstream and verify it with its credential, which is used once')
    .requiredOption('--name <name>', 'name for people', plainText('--name'))
    .option('--slug <slug>', 'short name, used in header names; never changes', gatewaySlug)
    .option('--description <text>', 'what it is, for people', plainText('--description'))
    .action((url: string, _flags: object, command: Command) =>
      addGateway(context, url, command.optsWithGlobals<AddFlags>()),
    );
  withCredentialFlags(program.command('verify').argument('<gateway>', 'slug or id'), chosenKind)
    .description('verify a registered gateway again; without flags it asks for what callers send')
    .option(
      '--credential-env <variable>',
      'read the secrets from this environment variable instead of asking, as --credential-stdin does',
    )
    .option('--fail-on-drift', 'end in exit code 9 if the upstream has changed, or something waits for a review')
    .action((gateway: string, _flags: object, command: Command) =>
      verifyGateway(context, gateway, command.optsWithGlobals<VerifyFlags>()),
    );
  furtherGatewayCommands(program, context);
}

function furtherGatewayCommands(program: Command, context: RunContext): void {
  program
    .command('rm')
    .argument('<gateway-or-server>', 'slug or id')
    .description('remove a gateway or a virtual server')
    .option('--yes', 'do not ask')
    .action((reference: string, _flags: object, command: Command) =>
      remove(context, reference, command.optsWithGlobals<RemoveFlags>()),
    );
  reviewCommands(program, context);
  listCommands(program, context);
}

function serverCommands(program: Command, context: RunContext): void {
  withRuleLimits(
    withRule(program.command('serve'), checkServeFlags, [
      'add',
      'slug',
      'open',
      'eras',
      'rejectedCredential',
      'grant',
      'tag',
    ]),
  )
    .argument('<name>')
    .description(
      'create a virtual server from gateways, and a key to call it; LETHE_PUBLIC_URL: where clients reach it',
    )
    .requiredOption('--from <gateway...>', 'slugs or ids')
    .option('--slug <slug>', 'its name in the endpoint URL')
    .option('--add', 'add the gateways to the virtual server that has this name')
    .option('--tag <tag>', 'tag of the virtual server; may be given several times', collectTag)
    .option('--open', 'anyone may call it; no key is created')
    .addOption(new Option('--eras <eras>', 'protocol eras that it serves (default: auto)').choices(SERVER_ERAS))
    .addOption(
      new Option(
        '--rejected-credential <how>',
        "how a caller's credential that is missing or rejected is told (default: error; http: with status 401 or 403)",
      ).choices(REJECTED_CREDENTIAL),
    )
    .option(
      '--grant <role=what>',
      'who may use what, such as everyone=read-only or eng=*; may be given several times (default: everybody everything)',
      collectGrant,
    )
    .action((name: string, _flags: object, command: Command) =>
      serveGateways(context, name, command.optsWithGlobals<ServeFlags>()),
    );
}

function trustCommands(program: Command, context: RunContext): void {
  const trust = program.command('trust').description('manage the keys that services sign and seal with');
  trust
    .command('init')
    .argument('[dir]', 'default: LETHE_TRUST, then trust in the data directory')
    .description('create all keys in a folder without keys')
    .action((dir: string | undefined, _flags: object, command: Command) =>
      makeTrust(context, dir, command.optsWithGlobals<CommonFlags>()),
    );
  trust
    .command('rotate')
    .addArgument(new Argument('<role>', 'whose key').choices(TRUST_ROLES))
    .argument('[dir]')
    .description('create a new key for a role')
    .action((role: string, dir: string | undefined, _flags: object, command: Command) =>
      replaceKey(context, role, dir, command.optsWithGlobals<CommonFlags>()),
    );
  trust
    .command('show')
    .argument('[dir]')
    .description('show public keys and their fingerprints')
    .action((dir: string | undefined, _flags: object, command: Command) =>
      showTrust(context, dir, command.optsWithGlobals<CommonFlags>()),
    );
  trust
    .command('admin-token')
    .description('print a new token for the first administrator of a registry with LETHE_ADMIN_TOKEN_FILE')
    .action((_flags: object, command: Command) => makeAdminToken(context, command.optsWithGlobals<CommonFlags>()));
}

function collectGrant(value: string, earlier: Grant[] = []): Grant[] {
  return [...earlier, grantOf(value)];
}
