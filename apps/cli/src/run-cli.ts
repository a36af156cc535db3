import { type Command, CommanderError } from 'commander';
import { refuseCredentialInArgv } from './argv-rules.js';
import { commandLineErrors } from './command-line/command-line-errors.js';
import { readCliSettings } from './settings/cli-settings.config.js';
import { CliError, EXIT_CODES, joinErrors } from './errors/cli.error.js';
import type { RunContext } from './commands/run-context.js';
import { pasteable } from './terminal/pasteable.js';
import { printable, printableJson } from './terminal/printable.js';
import type { Streams } from './terminal/terminal.js';

/** Runs the command and returns its exit code. Never throws. */
export async function runCli(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  streams: Streams,
  cwd: string,
): Promise<number> {
  const context = { settings: readCliSettings(env, cwd), streams };
  try {
    // Alone, because such a credential must be rotated.
    refuseCredentialInArgv(argv);
    const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
    const make = await programFor(words);
    const [first, ...others] = commandLineErrors(make(context), words);
    if (first) throw joinErrors(first, others);
    await make(context).parseAsync(words, { from: 'user' });
    return EXIT_CODES.done;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_CODES.done;
    // No command was given, and the help was shown instead.
    if (error instanceof CommanderError && error.code === 'commander.help') return EXIT_CODES.usage;
    const failure = toCliError(error);
    report(failure, context, argv.includes('--json'));
    return EXIT_CODES[failure.kind];
  }
}

async function programFor([command]: readonly string[]): Promise<(context: RunContext) => Command> {
  if (command === 'bridge') return (await import('./bridge-command.js')).makeBridgeProgram;
  return (await import('./program.js')).makeProgram;
}

function report({ code, message, notes }: CliError, { settings, streams }: RunContext, isJson: boolean): void {
  const { stderr } = streams;
  if (isJson) {
    stderr.write(`${printableJson(JSON.stringify({ error: { code, message, notes } }))}\n`);
    return;
  }
  stderr.write(`lethe: ${printable(message)} (${printable(code)})\n`);
  for (const note of notes) stderr.write(`  ${printable(pasteable(note, settings.command))}\n`);
}

function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  // The parser's errors quote the input, which may be a secret.
  if (error instanceof CommanderError) {
    return new CliError('usage', 'command_line', 'The command line is not valid', ['To see what is: lethe --help']);
  }
  // The message of an unexpected error may quote the input, so only its kind is shown.
  const kind = error instanceof Error ? error.name : typeof error;
  return new CliError('unexpected', 'unexpected', `Unexpected error: ${kind}`);
}
