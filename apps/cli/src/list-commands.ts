import { ITEM_KINDS } from '@lethe/contracts';
import { Argument, type Command, Option } from 'commander';
import { wholeNumber } from './command-line/times.js';
import { type EventFlags, followEvents } from './commands/follow-events.js';
import {
  LIST_DRIFTS,
  LIST_KINDS,
  LIST_ORDERS,
  LIST_STATES,
  listAll,
  type ListFlags,
  type ListKind,
} from './commands/list-all.js';
import type { RunContext } from './commands/run-context.js';
import { searchItems, type SearchFlags } from './commands/search-items.js';

const MOST = 1_000;
const MOST_EVENTS = 999_999_999;

/** Defines the commands that list, search, and tell what happens. */
export function listCommands(program: Command, context: RunContext): void {
  program
    .command('ls')
    .addArgument(new Argument('[what]', 'only these').choices(LIST_KINDS))
    .description('list gateways and virtual servers')
    .option('--match <text>', 'those with this in their name or slug')
    .option('--tag <tag>', 'those with this tag')
    .addOption(new Option('--state <state>', 'gateways in this state').choices(LIST_STATES))
    .addOption(
      new Option('--drift <drift>', 'gateways whose upstreams differ from what is served').choices(LIST_DRIFTS),
    )
    .option('--gateway <gateway>', 'virtual servers that have this gateway: slug or id')
    .addOption(new Option('--sort <order>', 'in this order; -createdAt is the newest first').choices(LIST_ORDERS))
    .action((what: ListKind | undefined, _flags: object, command: Command) =>
      listAll(context, what, command.optsWithGlobals<ListFlags>()),
    );
  program
    .command('search')
    .argument('<word...>', 'words of names, titles and descriptions, or their beginnings')
    .addOption(new Option('--kind <kind>', 'only items of this kind').choices(ITEM_KINDS))
    .option('--gateway <gateway>', 'only items of this gateway: slug or id')
    .option('--tag <tag>', 'only items with this tag, or of gateways with it')
    .option('--limit <number>', `how many items, at most ${MOST}`, wholeNumber('--limit', 1, MOST), 20)
    .description('find items in the catalogues of all gateways, and the virtual servers that expose them')
    .action((words: string[], _flags: object, command: Command) =>
      searchItems(context, words, command.optsWithGlobals<SearchFlags>()),
    );
  program
    .command('events')
    .option(
      '--since <id>',
      'begin after this event; its number in the audit log',
      wholeNumber('--since', 0, MOST_EVENTS),
    )
    .option('--target <slug-or-id>', 'only what is about this; or about a kind, such as gateway')
    .option('--limit <number>', 'end after so many events', wholeNumber('--limit', 1, MOST_EVENTS))
    .description('print what changes and how verifications go on, until Ctrl-C; with --json one line for each event')
    .action((_flags: object, command: Command) => followEvents(context, command.optsWithGlobals<EventFlags>()));
}
