import { mappingProblem } from '@lethe/mcp';
import { CliError } from './cli.error.js';

/** Flags that say which kind of credential follows at the prompt. They never take its value. */
const KINDS = ['--bearer', '--no-credential', '--credential-stdin'];
/** Flags that people try, and that would carry a secret. */
const NEVER = ['--token', '--password', '--secret', '--api-key', '--key', '--credential'];

/**
 * Refuses a command line that carries a credential, before anything parses or repeats it. Arguments are seen by every
 * process of the machine and stay in the shell's history.
 */
export function refuseCredentialInArgv(argv: readonly string[]): void {
  for (const [index, argument] of argv.entries()) {
    const [flag = '', ...inline] = argument.split('=');
    const next = argv[index + 1];
    if (NEVER.includes(flag)) throw credentialInArgv(flag);
    if (KINDS.includes(flag) && inline.length > 0) throw credentialInArgv(flag);
    if (flag === '--bearer' && next !== undefined && !next.startsWith('-') && !isUrl(next))
      throw credentialInArgv(flag);
  }
}

/** A header's name; refuses `Name: value` and `Name=value`. */
export function headerName(text: string): string {
  if (/[:=\s]/.test(text)) throw credentialInArgv('--header');
  const problem = mappingProblem({ header: text });
  if (problem !== undefined) throw new CliError('usage', 'header_forbidden', 'This header can carry no credential');
  return text;
}

/** The user name of a basic credential; refuses `user:password`. */
export function basicUser(text: string): string {
  if (text.includes(':')) throw credentialInArgv('--basic');
  return text;
}

function credentialInArgv(flag: string): CliError {
  return new CliError('usage', 'credential_in_argv', `${flag} takes no credential: command lines are seen by others`, [
    'If a credential was on this command line, rotate it.',
    'It is asked for at a hidden prompt, or read from standard input with --credential-stdin.',
  ]);
}

function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}
