import { Command, type Option } from 'commander';
import type { RunContext } from './commands/run-context.js';
import { VERSION } from './version.js';

/** The program without its commands: the flags that all of them have. */
export function rootProgram(context: RunContext): Command {
  const program = new Command('lethe')
    .description('Registers MCP servers with a credential that is used once and forgotten')
    .option('--url <url>', 'URL of the registry (default: LETHE_URL, then the one that runs with the data directory)')
    .option(
      '--token-file <path>',
      "file with an administrator's token (default: LETHE_TOKEN, then admin-token in the data directory for its own registry)",
    )
    .option('--insecure-http', 'send the token over plain http to another machine; others on the network can read it')
    .option('--json', 'print the result as JSON')
    .version(VERSION)
    .configureHelp({ optionDescription: withMark })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.streams.stdout.write(text),
      // The parser's errors quote the input, which may be a secret. command-line/ has its own texts for them.
      outputError: () => undefined,
    });
  return program;
}

function withMark({ description, mandatory, argChoices = [] }: Option): string {
  const choices = argChoices.length > 0 ? [`(one of: ${argChoices.join(', ')})`] : [];
  return [description, ...choices, ...(mandatory ? ['(required)'] : [])].join(' ');
}
