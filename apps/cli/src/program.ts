import { Command } from 'commander';
import { basicUser, headerName } from './argv-rules.js';
import { addGateway, type AddFlags } from './commands/add-gateway.js';
import { makeTrust, replaceKey, showTrust } from './commands/keep-trust.js';
import { listAll } from './commands/list-all.js';
import { serveGateways, type ServeFlags } from './commands/serve-gateways.js';
import { verifyGateway, type VerifyFlags } from './commands/verify-gateway.js';
import type { CommonFlags, RunContext } from './run-context.js';

/** The command line: every command with its flags, each done by one function. */
export function makeProgram(context: RunContext): Command {
  const program = new Command('lethe')
    .description('Registers MCP servers with a credential that is used once and forgotten')
    .option('--url <url>', "the registry (else LETHE_URL, else the data directory's runtime.json)")
    .option('--token-file <path>', "an administrator's token (else LETHE_TOKEN, else the data directory's admin-token)")
    .option('--json', 'print the result as JSON')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.streams.stdout.write(text),
      // Refusals of the parser quote what was typed, which may be a secret; run-cli.ts says them in its own words.
      outputError: () => undefined,
    });
  gatewayCommands(program, context);
  serverCommands(program, context);
  trustCommands(program, context);
  return program;
}

function gatewayCommands(program: Command, context: RunContext): void {
  withCredentialFlags(program.command('add').argument('<url>', 'URL of the upstream MCP server'))
    .description('register an upstream and verify it with its credential, once')
    .requiredOption('--name <name>', 'what people call it')
    .option('--slug <slug>', 'its short name in header names; never changes')
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
    .description('make a virtual server of gateways, and a key to call it')
    .requiredOption('--from <gateway...>', 'slugs or ids')
    .option('--slug <slug>', 'its place in the endpoint URL')
    .option('--open', 'anybody may call it; no key is made')
    .action((name: string, _flags: object, command: Command) =>
      serveGateways(context, name, command.optsWithGlobals<ServeFlags>()),
    );
}

function trustCommands(program: Command, context: RunContext): void {
  const trust = program.command('trust').description('keys that services sign and seal with');
  trust
    .command('init')
    .argument('[dir]', 'else LETHE_TRUST, else trust in the data directory')
    .description('make all keys in a folder that has none')
    .action((dir: string | undefined, _flags: object, command: Command) =>
      makeTrust(context, dir, command.optsWithGlobals<CommonFlags>()),
    );
  trust
    .command('rotate')
    .argument('<role>', 'registry, connector, rows or session')
    .argument('[dir]')
    .description('give a role a new key')
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
}

function withCredentialFlags(command: Command): Command {
  return command
    .option('--bearer', 'the upstream takes a bearer token')
    .option('--basic <user>', 'the upstream takes a password for this user', basicUser)
    .option('--header <name>', 'the upstream takes a secret in this header; may be given several times', collectHeader)
    .option('--no-credential', 'the upstream takes none')
    .option('--credential-stdin', 'read the secret from standard input, one line per secret, instead of asking')
    .option('--connector-fingerprint <fingerprint>', 'trust this connector key, which you compared by another way');
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

function collectHeader(value: string, earlier: string[] = []): string[] {
  return [...earlier, headerName(value)];
}
