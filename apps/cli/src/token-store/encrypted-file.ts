import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { CliError } from '../errors/cli.error.js';
import { isCode, notWritten } from './write-failure.js';

const ALGORITHM = 'aes-256-gcm';
const FORMAT = 'lethe-logins/1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

const envelope = z.object({ format: z.literal(FORMAT), key: z.string(), iv: z.base64url(), data: z.base64url() });

/** The length of a key. */
export const KEY_BYTES = 32;

/** Names a key without saying anything about it. */
function nameOfKey(key: Buffer): string {
  return createHash('sha256').update('lethe-logins-key').update(key).digest('base64url').slice(0, 16);
}

/** Encrypts a text with AES-256-GCM, under a nonce of its own. */
export function encrypt(text: string, key: Buffer): string {
  const iv = randomBytes(IV_BYTES);
  const name = nameOfKey(key);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(FORMAT + name));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${JSON.stringify({ format: FORMAT, key: name, iv: iv.toString('base64url'), data: data.toString('base64url') })}\n`;
}

/**
 * Decrypts what `encrypt` made.
 * @param path of the file, for the error
 * @throws CliError `store_damaged`, `store_key_other`
 */
export function decrypt(content: string, key: Buffer, path: string): string {
  const read = parse(content);
  if (!read) throw damaged(path);
  const name = nameOfKey(key);
  if (read.key !== name) throw otherKey(path);
  const data = Buffer.from(read.data, 'base64url');
  const iv = Buffer.from(read.iv, 'base64url');
  try {
    const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(FORMAT + name)).setAuthTag(data.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    throw damaged(path);
  }
}

function parse(content: string): z.infer<typeof envelope> | undefined {
  try {
    return envelope.parse(JSON.parse(content));
  } catch {
    return undefined;
  }
}

/** The text of a file; undefined if there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  });
}

/** Replaces a file at once: whoever reads it, also after a crash, gets the old text or the new one. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    await file
      .writeFile(text)
      .then(() => file.sync())
      .finally(() => file.close());
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw notWritten(error, path);
  }
  await syncFolder(dirname(path));
}

/** A rename is durable when its folder is; Windows can't open one. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

/** What to do about a file that stays as it is. */
export function damaged(path: string): CliError {
  return new CliError('untrusted', 'store_damaged', `${path} is damaged; it was left as it is`, [
    'Bring it back from a backup, or move it away and log in again: lethe login <server>',
  ]);
}

function otherKey(path: string): CliError {
  return new CliError('untrusted', 'store_key_other', `${path} was encrypted with another key; it was left as it is`, [
    'Bring back the key (keychain of this user, or the file beside it), or move the file away and log in again.',
  ]);
}
