import { CliError } from '../errors/cli.error.js';
import { type ApplyFlags, applyReview } from './apply-review.js';
import type { RunContext } from './run-context.js';
import { applyDocument, type ApplyDocumentFlags } from './transfer-document.js';

/**
 * `lethe apply <gateway> [item...]`, or `lethe apply -f <file>`.
 * @throws CliError `command_line` unless it is one of both
 */
export async function applyEither(
  context: RunContext,
  gateway: string | undefined,
  items: readonly string[],
  flags: ApplyFlags & ApplyDocumentFlags,
): Promise<void> {
  const { file } = flags;
  // No gateway has such a name: who means a document has left out the flag.
  if (gateway !== undefined && /\.(?:ya?ml|json)$/i.test(gateway)) throw notNamed();
  if (gateway !== undefined && file === undefined && flags.dryRun !== true && flags.prune !== true) {
    return applyReview(context, gateway, items, flags);
  }
  if (gateway === undefined && file !== undefined) return applyDocument(context, flags);
  throw notNamed();
}

function notNamed(): CliError {
  return new CliError('usage', 'command_line', 'Name a gateway, or with -f a document', [
    'What waits for a review: lethe apply <gateway>',
    'A document: lethe apply -f <file>',
  ]);
}
