import { createHash, randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readIfThere } from '../token-store/encrypted-file.js';
import { isCode } from '../token-store/write-failure.js';
import { ownUid, privateFolder } from '../token-store/private-folder.js';

/** The smallest limit of a socket's path, on macOS, is 104 bytes with its end. */
const LONGEST_PATH = 100;

/** Which refresher: that of the store on disk, or that of a command which keeps logins in its memory. */
export type SocketName = 'refresher' | 'memory';

/**
 * The address of a person's refresher: a socket in a folder that nobody else may enter, or a named pipe with a name that
 * nobody else can know before it is there.
 */
export async function socketPath(folder: string, name: SocketName): Promise<string> {
  const own = await privateFolder(folder);
  if (process.platform === 'win32') return `\\\\.\\pipe\\lethe-${name}-${await secretName(own)}`;
  const path = join(own, `${name}.sock`);
  if (Buffer.byteLength(path) <= LONGEST_PATH) return path;
  const digest = createHash('sha256').update(own).digest('hex').slice(0, 12);
  return join(await privateFolder(join(tmpdir(), `lethe-${ownUid() ?? 0}-${digest}`)), `${name}.sock`);
}

/** Connects to a refresher; undefined if there is none. */
export async function connectTo(path: string): Promise<Socket | undefined> {
  const socket = connect(path);
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error) => {
      if (isCode(error, 'ENOENT') || isCode(error, 'ECONNREFUSED')) resolve(undefined);
      else reject(error);
    });
  });
}

/** Listens at a path where nobody does any more. Whoever calls it has the lock. */
export async function listenAt(server: Server, path: string): Promise<void> {
  if (process.platform !== 'win32') await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path, readableAll: false, writableAll: false }, () => resolve());
  });
}

async function secretName(folder: string): Promise<string> {
  const path = join(folder, 'pipe');
  const there = await readIfThere(path);
  if (there !== undefined) return there.trim();
  try {
    const name = randomBytes(16).toString('hex');
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(name).finally(() => file.close());
    return name;
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    return (await readIfThere(path))?.trim() ?? '';
  }
}
