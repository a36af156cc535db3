import { type Command, Option } from 'commander';
import { plainText } from './argv-rules.js';
import { duration, timeAhead } from './command-line/times.js';
import {
  listKeys,
  type ListKeysFlags,
  revokeKey,
  type RevokeFlags,
  type RolesFlags,
  rotateKey,
  type RotateKeyFlags,
  setKeyRoles,
  showKey,
} from './commands/keep-keys.js';
import { type KeyFlags, makeKey } from './commands/make-key.js';
import type { CommonFlags, RunContext } from './commands/run-context.js';
import { roleName } from './grant-flags.js';

const KEY = "name or id; of a key's text, the id is the part between lethe_key_ and the next underscore";
const EXPIRES = 'when it ends: 2027-01-31T00:00:00Z, or after how long, such as 90d';

/** Defines the commands about callers' keys. */
export function keyCommands(program: Command, context: RunContext): void {
  makesKeys(program.command('key'), context).description(
    'make another key for a virtual server, and show how to call it; the same as lethe keys add',
  );
  const keys = program.command('keys').description("manage callers' keys");
  keys
    .command('ls', { isDefault: true })
    .description('list the keys that are not revoked; lethe keys does the same')
    .addOption(new Option('--state <state>', 'only keys in this state').choices(['active', 'expired']))
    .option('--role <role>', 'only keys with this role', roleName)
    .option('--server <server>', 'only keys for this virtual server, by slug or id')
    .action((_flags: object, command: Command) => listKeys(context, command.optsWithGlobals<ListKeysFlags>()));
  makesKeys(keys.command('add'), context).description('make a key for a virtual server, and show how to call it');
  keys
    .command('show')
    .alias('find')
    .argument('<key>', KEY)
    .description('show a key; lethe keys find does the same')
    .action((reference: string, _flags: object, command: Command) =>
      showKey(context, reference, command.optsWithGlobals<CommonFlags>()),
    );
  changingCommands(keys, context);
}

function changingCommands(keys: Command, context: RunContext): void {
  keys
    .command('rotate')
    .argument('<key>', KEY)
    .description('replace a key by one with the same rights; the new one is printed once, to standard output alone')
    .option(
      '--overlap <time>',
      'how long the old key stays valid, such as 0s or 7d; at most 30d (default: 1d)',
      duration,
    )
    .option('--expires <time>', `${EXPIRES} (default: it lives as long as the old one was made for)`, timeAhead)
    .action((reference: string, _flags: object, command: Command) =>
      rotateKey(context, reference, command.optsWithGlobals<RotateKeyFlags>()),
    );
  keys
    .command('roles')
    .argument('<key>', KEY)
    .argument('[role...]', 'all roles that its holder has from now on', collectRole)
    .description('set the roles of a key; without roles, show them')
    .option('--none', 'take all roles away')
    .action((reference: string, roles: string[], _flags: object, command: Command) =>
      setKeyRoles(context, reference, roles, command.optsWithGlobals<RolesFlags>()),
    );
  keys
    .command('revoke')
    .argument('<key>', KEY)
    .description('revoke a key; it is refused within two seconds')
    .option('--yes', 'do not ask')
    .action((reference: string, _flags: object, command: Command) =>
      revokeKey(context, reference, command.optsWithGlobals<RevokeFlags>()),
    );
}

function makesKeys(command: Command, context: RunContext): Command {
  return command
    .argument('<server>', 'slug or id of a virtual server')
    .option('--name <name>', 'name of the key, for people (default: that of the server)', plainText('--name'))
    .option('--role <role>', 'role that its holder has; may be given several times', collectRole)
    .option('--expires <time>', EXPIRES, timeAhead)
    .action((server: string, _flags: object, own: Command) =>
      makeKey(context, server, own.optsWithGlobals<KeyFlags>()),
    );
}

function collectRole(value: string, earlier: string[] = []): string[] {
  return [...earlier, roleName(value)];
}
