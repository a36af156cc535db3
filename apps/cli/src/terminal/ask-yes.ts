import { createInterface } from 'node:readline/promises';
import { CliError } from '../errors/cli.error.js';
import { printable } from './printable.js';
import type { Terminal } from './terminal.js';

/**
 * Asks a question whose answer is no unless the user types yes. The prompt goes to standard error.
 * @throws CliError `no_terminal`, `cancelled`
 */
export async function askYes(terminal: Terminal, question: string): Promise<void> {
  if (!terminal.isInteractive) {
    throw new CliError('usage', 'no_terminal', 'There is no terminal for a question', ['Use --yes.']);
  }
  const { stdin: input, stderr: output } = terminal.streams;
  const lines = createInterface({ input, output, terminal: false });
  try {
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    const answer = await Promise.race([lines.question(`${printable(question)} (yes/no) `), closed]);
    if (!/^\s*y(es)?\s*$/i.test(answer)) throw new CliError('cancelled', 'cancelled', 'Cancelled; nothing was changed');
  } finally {
    lines.close();
  }
}
