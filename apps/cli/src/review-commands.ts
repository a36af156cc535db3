import type { Command } from 'commander';
import { applyEither } from './commands/apply-either.js';
import {
  type ApplyDocumentFlags,
  diffDocument,
  exportDocument,
  type ExportFlags,
} from './commands/transfer-document.js';
import { type ApplyFlags, rejectReview, showReview } from './commands/apply-review.js';
import type { RunContext } from './commands/run-context.js';

/** Defines the commands about what waits for a review. */
export function reviewCommands(program: Command, context: RunContext): void {
  program
    .command('review')
    .argument('<gateway>', 'slug or id')
    .description('show what waits for your review, with both texts of what differs')
    .option('--verification <id>', 'what this verification has changed instead')
    .action((gateway: string, _flags: object, command: Command) =>
      showReview(context, gateway, command.optsWithGlobals<ApplyFlags>()),
    );
  program
    .command('apply')
    .argument('[gateway]', 'slug or id')
    .argument('[item...]', 'as lethe review names it, such as tool:send')
    .usage('<gateway> [item...] [options] | -f <file> [options]')
    .description(
      'make what waits for your review serve, all of it or some items (without both, show it); or, with -f, make gateways ' +
        'and virtual servers what a document says',
    )
    .option('-f, --file <path>', 'the document; - is standard input')
    .option('--dry-run', 'with -f: show what would be changed, and change nothing')
    .option('--prune', 'with -f: delete the gateways and virtual servers that the document does not have')
    .option('--yes', 'all that waits for a review; or, with -f, do not ask')
    .action((gateway: string | undefined, items: string[], _flags: object, command: Command) =>
      applyEither(context, gateway, items, command.optsWithGlobals<ApplyFlags & ApplyDocumentFlags>()),
    );
  program
    .command('reject')
    .argument('<gateway>', 'slug or id')
    .argument('[item...]', 'as lethe review names it, such as tool:send')
    .description('reject what waits for your review, all of it or some items, until it changes again')
    .option('--yes', 'all of it')
    .action((gateway: string, items: string[], _flags: object, command: Command) =>
      rejectReview(context, gateway, items, command.optsWithGlobals<ApplyFlags>()),
    );
}

/** Defines the commands that write gateways and virtual servers to a document, and compare them with one. */
export function transferCommands(program: Command, context: RunContext): void {
  program
    .command('export')
    .description('print gateways and virtual servers as a document in YAML, or JSON with --json; it has no secret')
    .option('-o, --output <path>', 'write it to this file')
    .option('--gateway <slug>', 'only this gateway')
    .option('--server <slug>', 'only this virtual server')
    .option('--catalogue', 'with what was verified, which a registry with the same trust keys serves at once')
    .action((_flags: object, command: Command) => exportDocument(context, command.optsWithGlobals<ExportFlags>()));
  program
    .command('diff')
    .description('show what lethe apply -f would change; exit code 10 if anything differs')
    .requiredOption('-f, --file <path>', 'the document; - is standard input')
    .option('--prune', 'also what the document does not have, as it would be deleted')
    .action((_flags: object, command: Command) => diffDocument(context, command.optsWithGlobals<ApplyDocumentFlags>()));
}
