import { EVERYONE, type Grant, ROLE } from '@lethe/contracts';
import { GLOB_LIMITS, hasFewStars } from '@lethe/mcp';
import { CliError } from './errors/cli.error.js';

/** What people write for `EVERYONE`, which a shell would expand. */
const EVERYONE_FLAG = 'everyone';
const READ_ONLY = 'read-only';
const MAX_GLOBS = 50;

/**
 * Checks the name of a role.
 * @throws CliError `role_illegal`
 */
export function roleName(text: string): string {
  if (ROLE.test(text)) return text;
  throw new CliError(
    'usage',
    'role_illegal',
    'A role has 1 to 64 of A-Z, a-z, 0-9 and ._:/@-, first a letter or digit',
  );
}

/**
 * Reads a grant: `<role>=*`, `<role>=read-only` or `<role>=<name>,<name>`, with globs as names.
 * @throws CliError `grant_illegal`, `role_illegal`
 */
export function grantOf(text: string): Grant {
  const at = text.indexOf('=');
  const [who, what] = [text.slice(0, at), text.slice(at + 1)];
  if (at <= 0 || what === '') {
    throw new CliError('usage', 'grant_illegal', '--grant has the form <role>=*, <role>=read-only or <role>=<names>', [
      `<role> may be ${EVERYONE_FLAG}; <names> are names of tools and others, with * and ?, and commas between them.`,
    ]);
  }
  const role = who === EVERYONE_FLAG || who === EVERYONE ? EVERYONE : roleName(who);
  if (what === '*') return { role };
  return what === READ_ONLY ? { role, readOnly: true } : { role, names: globsOf(what) };
}

function globsOf(text: string): string[] {
  const globs = text.split(',');
  const areLegal = globs.every((glob) => glob !== '' && glob.length <= GLOB_LIMITS.length && hasFewStars(glob));
  if (areLegal && globs.length <= MAX_GLOBS) return globs;
  const rule = `A name has 1 to ${GLOB_LIMITS.length} characters and at most ${GLOB_LIMITS.stars} stars, and there are at most ${MAX_GLOBS}`;
  throw new CliError('usage', 'grant_illegal', rule);
}
