import { createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readIfThere, replaceFile } from '../token-store/encrypted-file.js';
import { underLock } from '../token-store/file-lock.js';
import { isCode } from '../token-store/write-failure.js';
import { ownUid, privateFolder } from '../token-store/private-folder.js';

/** The smallest limit of a socket's path, on macOS, is 104 bytes with its end. */
const LONGEST_PATH = 100;
const LOCK_TIMEOUT_MS = 5_000;

/** Which refresher: that of the store on disk, or that of a command which keeps logins in its memory. */
export type SocketName = 'refresher' | 'memory';

/**
 * The address of a person's refresher: a socket in a folder that nobody else may enter, or a named pipe with a name that
 * nobody else can know before it is there.
 */
export async function socketPath(folder: string, name: SocketName): Promise<string> {
  const own = await privateFolder(folder);
  if (process.platform === 'win32') return `\\\\.\\pipe\\lethe-${name}-${await pipeName(own)}`;
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

/** A name for pipes that is random and stays, so that nobody else could take it before. @param folder private */
export async function pipeName(folder: string): Promise<string> {
  const path = join(folder, 'pipe');
  const read = async (): Promise<string | undefined> => {
    const text = await readIfThere(path);
    return text !== undefined && /^[0-9a-f]{32}$/.test(text) ? text : undefined;
  };
  const make = async (): Promise<string> => {
    const name = randomBytes(16).toString('hex');
    await replaceFile(path, name);
    return name;
  };
  const known = await read();
  return known ?? underLock(`${path}.lock`, { timeoutMs: LOCK_TIMEOUT_MS }, async () => (await read()) ?? make());
}
