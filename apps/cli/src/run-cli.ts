import { CommanderError } from 'commander';
import { refuseCredentialInArgv } from './argv-rules.js';
import { readCliSettings } from './cli-settings.config.js';
import { CliError, EXIT_CODES } from './cli.error.js';
import { makeProgram } from './program.js';
import { printable } from './terminal/printable.js';
import type { Streams } from './terminal/terminal.js';

/** One run of the command; gives its exit code and never throws. */
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
    // The help itself was just shown: a command was not named.
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

/** What the parser's refusals mean, without what was typed. */
const PARSER_TEXTS: ReadonlyMap<string, string> = new Map([
  ['commander.unknownOption', 'There is no such flag'],
  ['commander.unknownCommand', 'There is no such command'],
  ['commander.excessArguments', 'There are more arguments than the command takes'],
  ['commander.missingArgument', 'An argument is missing'],
  ['commander.missingMandatoryOptionValue', 'A required flag is missing'],
  ['commander.optionMissingArgument', 'A flag lacks its value'],
]);

function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof CommanderError) {
    const text = PARSER_TEXTS.get(error.code) ?? 'The command line is not understood';
    return new CliError('usage', 'command_line', text, [
      'lethe --help shows commands, lethe <command> --help its flags',
    ]);
  }
  // Messages of unforeseen errors may quote what was typed; their kind says enough.
  const kind = error instanceof Error ? error.name : typeof error;
  return new CliError('unexpected', 'unexpected', `Something failed that was not foreseen: ${kind}`);
}
