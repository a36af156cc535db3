import { lstat, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliError } from '../errors/cli.error.js';
import { notWritten } from './write-failure.js';

/** The user of this process; undefined on Windows, where a folder in the profile is private by its inherited rights. */
export function ownUid(): number | undefined {
  return process.getuid?.();
}

/**
 * Makes a folder that only this user may enter, or checks that it is one.
 * @throws CliError `folder_not_private`, `store_unwritable`
 */
export async function privateFolder(path: string): Promise<string> {
  if (ownUid() === 0 && (await ownerAbove(path)) !== 0) throw notPrivate(path, OF_ROOT);
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw notWritten(error, path);
  });
  const { mode, uid, isLink } = await lstat(path).then((found) => ({
    mode: found.mode,
    uid: found.uid,
    isLink: found.isSymbolicLink(),
  }));
  if (ownUid() === undefined) return path;
  if (uid !== ownUid()) throw notPrivate(path, 'It belongs to another user of this machine.');
  if (isLink) throw notPrivate(path, 'It is a symbolic link. Set XDG_CONFIG_HOME to where it leads instead.');
  if ((mode & 0o077) !== 0) throw notPrivate(path, 'Others may enter it: chmod 700.');
  return path;
}

/** The owner of the folder in which a missing one would be made; root for one that is there. */
async function ownerAbove(path: string): Promise<number> {
  if (await isThere(path)) return 0;
  for (let above = dirname(path); ; above = dirname(above)) {
    if ((await isThere(above)) || above === dirname(above)) return (await stat(above)).uid;
  }
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** With `sudo`, root would leave folders in somebody's home that this somebody can't use. */
const OF_ROOT = 'This is root, in the home of another user. Leave out sudo, or set HOME to the home of root.';

function notPrivate(path: string, why: string): CliError {
  return new CliError('untrusted', 'folder_not_private', `Logins are not kept in ${path}; nothing was changed`, [why]);
}
