import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../errors/cli.error.js';
import type { CliSettings } from '../settings/cli-settings.config.js';

const TOKEN_RULE = 'it must be one word of visible ASCII characters';
/** Why a file could not be read, by the code of the system's error. */
const READ_PROBLEMS: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'it does not exist'],
  ['EISDIR', 'it is a directory'],
  ['EACCES', 'you may not read it'],
]);

/**
 * The token that the user gave: `--token-file`, then LETHE_TOKEN; undefined if neither is set. One that can't be used is
 * an error and is never replaced by another. The path is not repeated, since it may be a token by mistake.
 * @throws CliError `token_file`, `token_unknown`
 */
export async function givenToken(settings: CliSettings, tokenFile: string | undefined): Promise<string | undefined> {
  if (tokenFile === undefined) return settings.token && checked(settings.token, 'token_unknown', 'LETHE_TOKEN');
  const text = await readFile(tokenFile, 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why = READ_PROBLEMS.get(code) ?? 'it can not be read';
    throw new CliError('usage', 'token_file', `The file of --token-file: ${why}`);
  });
  return checked(text, 'token_file', 'The file of --token-file');
}

/**
 * The first administrator's token, in the data directory. It belongs to the registry that runs with this directory, and
 * goes to no other.
 * @throws CliError `token_unknown`
 */
export async function homeToken({ home }: CliSettings): Promise<string> {
  const path = join(home, 'admin-token');
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CliError('usage', 'token_unknown', `There is no administrator token: ${path} can not be read`, [
      'Give one with --token-file <path> or LETHE_TOKEN.',
    ]);
  });
  return checked(text, 'token_unknown', path);
}

function checked(text: string, code: string, source: string): string {
  const token = text.trim();
  if (token === '') throw new CliError('usage', code, `${source}: it is empty`);
  if (!/^[\x21-\x7e]+$/.test(token)) throw new CliError('usage', code, `${source}: ${TOKEN_RULE}`);
  return token;
}
