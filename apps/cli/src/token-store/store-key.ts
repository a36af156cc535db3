import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { CliError } from '../errors/cli.error.js';
import { KEY_BYTES, readIfThere } from './encrypted-file.js';
import { isCode, notWritten } from './write-failure.js';

/** The place of the one key that logins are encrypted with. */
export interface StoreKey {
  /** undefined if there is none yet. @throws CliError */
  read(): Promise<Buffer | undefined>;
  /** Makes one, unless another process did: then it is that one. @throws CliError */
  make(): Promise<Buffer>;
  remove(): Promise<void>;
}

/** A new key. */
export function newStoreKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/** The key in base64url. */
export function keyText(key: Buffer): string {
  return key.toString('base64url');
}

/** Reads what `keyText` wrote; undefined if it is something else. */
export function keyOf(text: string): Buffer | undefined {
  const key = Buffer.from(text.trim(), 'base64url');
  return key.length === KEY_BYTES && keyText(key) === text.trim() ? key : undefined;
}

/** A key in a file that only this user may read. It protects backups of the other file, and nothing against programs of this user. */
export class KeyFile implements StoreKey {
  constructor(private readonly path: string) {}

  async read(): Promise<Buffer | undefined> {
    const text = await readIfThere(this.path);
    if (text === undefined) return undefined;
    const key = keyOf(text);
    if (key) return key;
    throw new CliError('untrusted', 'store_key_damaged', `${this.path} holds no key; it was left as it is`, [
      'Bring it back from a backup, or move it and the file with the logins away and log in again.',
    ]);
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }

  async make(): Promise<Buffer> {
    const key = newStoreKey();
    try {
      const file = await open(this.path, 'wx', 0o600);
      await file
        .writeFile(`${keyText(key)}\n`)
        .then(() => file.sync())
        .finally(() => file.close());
      return key;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw notWritten(error, this.path);
      return (await this.read()) ?? key;
    }
  }
}
