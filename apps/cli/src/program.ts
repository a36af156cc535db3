import { SERVER_ERAS } from '@lethe/contracts';
import { Command, Option } from 'commander';
import { basicUser, headerName } from './argv-rules.js';
import { addGateway, type AddFlags } from './commands/add-gateway.js';
import { makeAdminToken, makeTrust, replaceKey, showTrust } from './commands/keep-trust.js';
import { listAll } from './commands/list-all.js';
import { serveGateways, type ServeFlags } from './commands/serve-gateways.js';
import { verifyGateway, type VerifyFlags } from './commands/verify-gateway.js';
import type { CommonFlags, RunContext } from './commands/run-context.js';

/** Defines every command with its flags. Each command is one function. */
export function makeProgram(context: RunContext): Command {
  const program = new Command('lethe')
    .description('Registers MCP servers with a credential that is used once and forgotten')
    .option('--url <url>', 'URL of the registry (default: LETHE_URL, then runtime.json in the data directory)')
    .option(
      '--token-file <path>',
      "file with an administrator's token (default: LETHE_TOKEN, then admin-token in the data directory)",
    )
    .option('--json', 'print the result as JSON')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.streams.stdout.write(text),
      // The parser's errors quote the input, which may be a secret. run-cli.ts has its own texts for them.
      outputError: () => undefined,
    });
  gatewayCommands(program, context);
  serverCommands(program, context);
  trustCommands(program, context);
  return program;
}

function gatewayCommands(program: Command, context: RunContext): void {
  withCredentialFlags(program.command('add').argument('<url>', 'URL of the upstream MCP server'))
    .description('register an upstream and verify it with its credential, which is used once')
    .requiredOption('--name <name>', 'name for people')
    .option('--slug <slug>', 'short name, used in header names; never changes')
    .option('--description <text>')
    .option('--tag <tag>', 'may be given several times', collect)
    .action((url: string, _flags: object, command: Command) =>
      addGateway(context, url, command.optsWithGlobals<AddFlags>()),
    );
  withCredentialFlags(program.command('verify').argument('<gateway>', 'slug or id'))
    .description('verify a registered gateway again')
    .action((gateway: string, _flags: object, command: Command) =>
      verifyGateway(context, gateway, command.optsWithGlobals<VerifyFlags>()),
    );
  program
    .command('ls')
    .description('list gateways and virtual servers')
    .action((_flags: object, command: Command) => listAll(context, command.optsWithGlobals<CommonFlags>()));
}

function serverCommands(program: Command, context: RunContext): void {
  program
    .command('serve')
    .argument('<name>')
    .description('create a virtual server from gateways, and a key to call it')
    .requiredOption('--from <gateway...>', 'slugs or ids')
    .option('--slug <slug>', 'its name in the endpoint URL')
    .option('--open', 'anyone may call it; no key is created')
    .addOption(new Option('--eras <eras>', 'protocol eras that it serves (default: auto)').choices(SERVER_ERAS))
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
    .argument('<role>', 'registry, connector, rows or session')
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

function withCredentialFlags(command: Command): Command {
  return command
    .option('--bearer', 'the upstream needs a bearer token')
    .option('--basic <user>', 'the upstream needs a password for this user', basicUser)
    .option('--header <name>', 'the upstream needs a secret in this header; may be given several times', collectHeader)
    .option('--no-credential', 'the upstream needs no credential')
    .option('--credential-stdin', 'read the secrets from standard input, one per line, instead of asking')
    .option(
      '--connector-fingerprint <fingerprint>',
      'trust this connector key, after you compared it over another channel',
    );
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

function collectHeader(value: string, earlier: string[] = []): string[] {
  return [...earlier, headerName(value)];
}
