import { CommanderError } from 'commander';
import { refuseCredentialInArgv } from './argv-rules.js';
import { readCliSettings } from './settings/cli-settings.config.js';
import { CliError, EXIT_CODES } from './errors/cli.error.js';
import { makeProgram } from './program.js';
import { printable } from './terminal/printable.js';
import type { Streams } from './terminal/terminal.js';

/** Runs the command and returns its exit code. Never throws. */
export async function runCli(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  streams: Streams,
  cwd: string,
): Promise<number> {
  try {
    refuseCredentialInArgv(argv);
    await makeProgram({ settings: readCliSettings(env, cwd), streams }).parseAsync(argv, { from: 'user' });
    return EXIT_CODES.done;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_CODES.done;
    // No command was given, and the help was shown instead.
    if (error instanceof CommanderError && error.code === 'commander.help') return EXIT_CODES.usage;
    const failure = toCliError(error);
    report(failure, streams, argv.includes('--json'));
    return EXIT_CODES[failure.kind];
  }
}

function report({ code, message, notes }: CliError, { stderr }: Streams, isJson: boolean): void {
  if (isJson) {
    stderr.write(`${JSON.stringify({ error: { code, message, notes } })}\n`);
    return;
  }
  stderr.write(`lethe: ${printable(message)} (${printable(code)})\n`);
  for (const note of notes) stderr.write(`  ${printable(note)}\n`);
}

/** Texts for the parser's errors, which would quote the input. */
const PARSER_TEXTS: ReadonlyMap<string, string> = new Map([
  ['commander.unknownOption', 'Unknown flag'],
  ['commander.unknownCommand', 'Unknown command'],
  ['commander.excessArguments', 'Too many arguments'],
  ['commander.missingArgument', 'An argument is missing'],
  ['commander.missingMandatoryOptionValue', 'A required flag is missing'],
  ['commander.invalidArgument', 'A flag has a value that it does not take'],
  ['commander.optionMissingArgument', 'A flag has no value'],
]);

function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof CommanderError) {
    const text = PARSER_TEXTS.get(error.code) ?? 'The command line is not valid';
    return new CliError('usage', 'command_line', text, [
      'lethe --help shows all commands, lethe <command> --help the flags of one',
    ]);
  }
  // The message of an unexpected error may quote the input, so only its kind is shown.
  const kind = error instanceof Error ? error.name : typeof error;
  return new CliError('unexpected', 'unexpected', `Unexpected error: ${kind}`);
}
