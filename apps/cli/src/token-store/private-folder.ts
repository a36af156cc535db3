import { lstat, mkdir } from 'node:fs/promises';
import { CliError } from '../errors/cli.error.js';

/** The user of this process; undefined on Windows, where a folder in the profile is private by its inherited rights. */
export function ownUid(): number | undefined {
  return process.getuid?.();
}

/**
 * Makes a folder that only this user may enter, or checks that it is one.
 * @throws CliError `folder_not_private`
 */
export async function privateFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const { mode, uid, isLink } = await lstat(path).then((found) => ({
    mode: found.mode,
    uid: found.uid,
    isLink: found.isSymbolicLink(),
  }));
  if (ownUid() === undefined) return path;
  if (uid !== ownUid()) throw notPrivate(path, 'It belongs to another user of this machine.');
  if (isLink || (mode & 0o077) !== 0) throw notPrivate(path, 'Others may enter it: chmod 700.');
  return path;
}

function notPrivate(path: string, why: string): CliError {
  return new CliError('untrusted', 'folder_not_private', `Logins are not kept in ${path}; nothing was changed`, [why]);
}
