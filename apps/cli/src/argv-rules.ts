import {
  canonicalUrl,
  holdsCredential,
  isQueryName,
  isSlug,
  MAPPING_PROBLEMS,
  mappingProblem,
  URL_PROBLEMS,
  urlSecretProblem,
} from '@lethe/mcp';
import { CliError } from './errors/cli.error.js';

/** Flags that select the kind of credential. They never take its value. */
const KINDS = ['--bearer', '--no-credential', '--credential-stdin'];
/** Flags that people may try, and that would contain a secret. */
const NEVER = [
  '--token',
  '--password',
  '--secret',
  '--api-key',
  '--key',
  '--credential',
  '--client-secret',
  '--oauth-client-secret',
  '--private-key',
];

/** What `--credential` takes: where a credential is, and not what it is. */
const NAMED_VARIABLE = /^[\w:-]+=env:\w+$/;

/** A whole key or token of Lethe, wherever it stands in an argument. */
const WHOLE_KEY = /lethe_(key|admin)_[0-9A-Za-z-]{1,64}_[\w-]{16,}/;

function namesVariable(flag: string, inline: readonly string[], next = ''): boolean {
  return flag === '--credential' && NAMED_VARIABLE.test(inline.length > 0 ? inline.join('=') : next);
}

/**
 * Refuses a command line with a credential, before anything parses or prints it. Every process on the machine can read
 * the arguments, and the shell keeps them in its history.
 */
export function refuseCredentialInArgv(argv: readonly string[]): void {
  for (const [index, argument] of argv.entries()) {
    const [flag = '', ...inline] = argument.split('=');
    const next = argv[index + 1];
    const [, whole] = WHOLE_KEY.exec(argument) ?? [];
    if (whole !== undefined) {
      const { message, notes } = WHOLE[whole === 'key' ? 'key' : 'admin'];
      throw new CliError('usage', 'credential_in_argv', message, notes);
    }
    if (NEVER.includes(flag) && !namesVariable(flag, inline, next)) throw credentialInArgv(flag);
    if (KINDS.includes(flag) && inline.length > 0) throw credentialInArgv(flag);
    if (flag === '--bearer' && next !== undefined && !next.startsWith('-') && !isUrl(next))
      throw credentialInArgv(flag);
  }
}

/**
 * Checks a header name; rejects `Name: value` and `Name=value`.
 * @throws CliError `credential_in_argv`, `header_forbidden`
 */
export function headerName(text: string): string {
  if (/[:=\s]/.test(text)) throw credentialInArgv('--header');
  const problem = mappingProblem({ header: text });
  if (problem === undefined) return text;
  throw new CliError('usage', 'header_forbidden', 'The header that --header names can not be used', [
    MAPPING_PROBLEMS[problem],
  ]);
}

/**
 * Checks the name of a query parameter; rejects `name=value`.
 * @throws CliError `credential_in_argv`, `query_name_illegal`
 */
export function queryName(text: string): string {
  if (/[:=\s]/.test(text)) throw credentialInArgv('--query');
  if (isQueryName(text)) return text;
  throw new CliError('usage', 'query_name_illegal', 'The query parameter that --query names can not be used', [
    MAPPING_PROBLEMS.query_name_illegal,
  ]);
}

/**
 * Checks a text for people, such as a name.
 * @throws CliError `credential_in_argv`
 */
export function plainText(flag: string): (text: string) => string {
  return (text) => {
    if (holdsCredential(text)) throw credentialInArgv(flag);
    return text;
  };
}

/**
 * Checks the user name of a basic credential; rejects `user:password`.
 * @throws CliError `credential_in_argv`
 */
export function basicUser(text: string): string {
  if (text.includes(':')) throw credentialInArgv('--basic');
  return text;
}

/**
 * Checks the URL of an upstream and returns its canonical form. The error never repeats it: it may contain a secret.
 * @throws CliError with the code of the problem
 */
export function upstreamUrl(text: string): string {
  const problem = urlSecretProblem(text);
  if (problem === undefined) return canonicalUrl(text);
  const isSecret = problem === 'userinfo' || problem === 'secret_in_query' || problem === 'secret_in_path';
  throw new CliError('usage', problem, 'This URL may not be registered; nothing was sent', [
    URL_PROBLEMS[problem],
    ...(isSecret ? ['If it contained a credential, rotate that credential: it was on a command line.'] : []),
  ]);
}

/**
 * Checks the slug of a gateway.
 * @throws CliError `slug_illegal`
 */
export function gatewaySlug(text: string): string {
  if (isSlug(text)) return text;
  const rule = 'A slug has 1 to 24 characters: words of a-z and 0-9, joined by single hyphens';
  throw new CliError('usage', 'slug_illegal', rule);
}

function credentialInArgv(flag: string): CliError {
  return new CliError(
    'usage',
    'credential_in_argv',
    `${flag} takes no credential: other processes can read command lines`,
    [
      'If this command line had a credential in it, rotate that credential.',
      flag === '--credential'
        ? 'A bridge takes the name of the variable that holds it, as in --credential <gateway>=env:<NAME>'
        : 'Lethe asks for it at a hidden prompt, or reads it from standard input with --credential-stdin.',
    ],
  );
}

const WHOLE = {
  key: {
    message: "A whole caller's key is on this command line: other processes can read it",
    notes: [
      'Give its id alone: the part between lethe_key_ and the next underscore, 16 of 0-9 and a-f.',
      'Then replace the key, because it was on a command line: lethe keys rotate <id>',
    ],
  },
  admin: {
    message: "A whole administrator's token is on this command line: other processes can read it",
    notes: [
      'Give its id alone: the part between lethe_admin_ and the next underscore, 16 of 0-9 and a-f.',
      'Then replace the token, because it was on a command line: lethe admins rotate <id>',
    ],
  },
};

function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}
