import { text } from 'node:stream/consumers';
import password from '@inquirer/password';
import { CliError } from '../errors/cli.error.js';
import type { Terminal } from './terminal.js';

const CANCELLED = new Set(['ExitPromptError', 'AbortPromptError']);

/**
 * Asks for a secret without showing it. The prompt goes to standard error.
 * @param signal ends the prompt, as Ctrl-C does
 * @throws CliError `no_terminal`, `cancelled`
 */
export async function askSecret(terminal: Terminal, message: string, signal?: AbortSignal): Promise<string> {
  if (!terminal.isInteractive) {
    throw new CliError('usage', 'no_terminal', 'There is no terminal for a prompt', ['Use --credential-stdin.']);
  }
  const { stdin: input, stderr: output } = terminal.streams;
  // The prompt does not end by itself when its input ends (Ctrl+D).
  const ended = new AbortController();
  const end = (): void => ended.abort();
  input.once('pause', end).once('end', end);
  try {
    const any = signal ? AbortSignal.any([ended.signal, signal]) : ended.signal;
    return await password({ message, mask: false, toggleMask: false }, { input, output, signal: any });
  } catch (error) {
    if (!(error instanceof Error) || !CANCELLED.has(error.name)) throw error;
    throw new CliError('cancelled', 'cancelled', 'Cancelled; no credential was sent');
  } finally {
    input.off('pause', end).off('end', end);
  }
}

/** Reads the lines of standard input, without an empty last line. */
export async function readSecretLines(terminal: Terminal): Promise<string[]> {
  const input = await text(terminal.streams.stdin);
  return input.replace(/\r?\n$/, '').split(/\r?\n/);
}
