import { ADMIN_ROLES } from '@lethe/platform';
import { Argument, type Command, Option } from 'commander';
import { duration, timeAhead, timePast, wholeNumber } from './command-line/times.js';
import {
  addAdmin,
  type AddAdminFlags,
  type AdminChange,
  changeAdmin,
  listAdmins,
  removeAdmin,
  type RemoveAdminFlags,
  rotateAdmin,
  type RotateFlags,
} from './commands/keep-admins.js';
import { type AuditFlags, runAudit } from './commands/show-audit.js';
import { whoami } from './commands/whoami.js';
import type { CommonFlags, RunContext } from './commands/run-context.js';

const MOST_ENTRIES = 1_000;

/** Defines the commands about administrators and what they did. */
export function adminCommands(program: Command, context: RunContext): void {
  program
    .command('whoami')
    .description('show whose token is used, and what it may do')
    .action((_flags: object, command: Command) => whoami(context, command.optsWithGlobals<CommonFlags>()));
  program
    .command('audit')
    .description('show who changed what, newest first')
    .option('--actor <name-or-id>', 'only what this administrator did')
    .option('--operation <operation>', 'only this operation, such as createAdmin or verification.failed')
    .option('--target <slug-or-id>', 'only what was done to this; or to a kind, such as gateway')
    .option('--from <time>', 'since then: 2026-11-30T12:00:00Z, or how long ago, such as 24h', timePast)
    .option('--to <time>', 'until then', timePast)
    .option(
      '--limit <number>',
      `how many entries, at most ${MOST_ENTRIES}`,
      wholeNumber('--limit', 1, MOST_ENTRIES),
      50,
    )
    .option('--export <file>', 'write all entries to this file as JSON lines, oldest first; `-` is standard output')
    .option('--verify', 'check that no entry was changed or removed')
    .action((_flags: object, command: Command) => runAudit(context, command.optsWithGlobals<AuditFlags>()));
  adminsCommands(program, context);
}

function adminsCommands(program: Command, context: RunContext): void {
  const admins = program.command('admins').description('manage administrators and their tokens');
  admins
    .command('ls')
    .description('list administrators with tokens of Lethe')
    .action((_flags: object, command: Command) => listAdmins(context, command.optsWithGlobals<CommonFlags>()));
  admins
    .command('add')
    .argument('<name>', 'for people: who has the token')
    .description('make an administrator; the token is printed once, to standard output alone')
    .addOption(new Option('--role <role>', 'what the token may do').choices(ADMIN_ROLES).makeOptionMandatory())
    .option('--expires <time>', 'when the token ends: 2027-01-31T00:00:00Z, or after how long, such as 90d', timeAhead)
    .action((name: string, _flags: object, command: Command) =>
      addAdmin(context, name, command.optsWithGlobals<AddAdminFlags>()),
    );
  admins
    .command('rotate')
    .argument('<administrator>', 'name or id')
    .description('replace a token; the new one is printed once, to standard output alone')
    .option(
      '--overlap <time>',
      'how long the old token stays valid, such as 1h; at most 7d (default: not at all)',
      duration,
    )
    .action((reference: string, _flags: object, command: Command) =>
      rotateAdmin(context, reference, command.optsWithGlobals<RotateFlags>()),
    );
  adminChanges(admins, context);
  admins
    .command('rm')
    .argument('<administrator>', 'name or id')
    .description('delete an administrator; the token is refused at once')
    .option('--yes', 'do not ask')
    .action((reference: string, _flags: object, command: Command) =>
      removeAdmin(context, reference, command.optsWithGlobals<RemoveAdminFlags>()),
    );
}

function adminChanges(admins: Command, context: RunContext): void {
  const change = (reference: string, wanted: AdminChange, command: Command): Promise<void> =>
    changeAdmin(context, reference, wanted, command.optsWithGlobals<CommonFlags>());
  admins
    .command('role')
    .argument('<administrator>', 'name or id')
    .addArgument(new Argument('<role>', 'what the token may do from now on').choices(ADMIN_ROLES))
    .description('give an administrator another role')
    .action((reference: string, role: string, _flags: object, command: Command) =>
      change(reference, { role }, command),
    );
  for (const [name, enabled, description] of [
    ['disable', false, 'switch an administrator off: the token is refused at once, and kept'],
    ['enable', true, 'switch an administrator on again'],
  ] as const) {
    admins
      .command(name)
      .argument('<administrator>', 'name or id')
      .description(description)
      .action((reference: string, _flags: object, command: Command) => change(reference, { enabled }, command));
  }
  admins
    .command('expire')
    .argument('<administrator>', 'name or id')
    .argument('<time>', 'when the token ends: 2027-01-31T00:00:00Z, after how long, such as 90d, or never', expiry)
    .description('change when the token of an administrator ends')
    .action((reference: string, expiresAt: string | null, _flags: object, command: Command) =>
      change(reference, { expiresAt }, command),
    );
}

function expiry(text: string): string | null {
  return text === 'never' ? null : timeAhead(text);
}
