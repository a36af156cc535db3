import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../errors/cli.error.js';
import { damaged, decrypt, encrypt, readIfThere, replaceFile } from './encrypted-file.js';
import { type LockLimits, underLock } from './file-lock.js';
import { type LoginDocument, NO_LOGINS, parseDocument } from './login-record.js';
import type { StoreKey } from './store-key.js';

/** Where logins are kept. */
export const STORE_KINDS = ['keychain', 'file', 'memory'] as const;
/** Where logins are kept: key in the keychain, key in a file, or nothing outside of this process. */
export type StoreKind = (typeof STORE_KINDS)[number];

const CHANGE_TIMEOUT_MS = 10_000;
/** A refresh is a few requests of at most ten seconds each. */
const REFRESH_TIMEOUT_MS = 45_000;

/** What a login leaves behind. */
export interface LoginStore {
  readonly kind: StoreKind;
  /** @throws CliError `store_damaged`, `store_key_missing`, and those of the key */
  read(): Promise<LoginDocument>;
  /** Changes it as a whole, after every earlier change of any process. @throws CliError as `read`, `store_busy` */
  change(change: (document: LoginDocument) => LoginDocument): Promise<LoginDocument>;
  /** Removes it with all that is in it. */
  erase(): Promise<void>;
  /** Runs work that no other process of this user does at the same time for this resource. @throws CliError `store_busy` */
  alone<T>(resource: string, work: () => Promise<T>): Promise<T>;
}

/** Logins in one encrypted file. */
export class FileLoginStore implements LoginStore {
  private readonly path: string;
  private known: Promise<Buffer | undefined> | undefined;

  /**
   * @param folder private, and there
   * @param signal ends the wait for other processes
   */
  constructor(
    private readonly folder: string,
    private readonly key: StoreKey,
    readonly kind: 'keychain' | 'file',
    private readonly signal?: AbortSignal,
  ) {
    this.path = loginsPath(folder);
  }

  async read(): Promise<LoginDocument> {
    const content = await readIfThere(this.path);
    if (content === undefined) return NO_LOGINS;
    const text = decrypt(content, await this.keyOfFile(), this.path);
    try {
      return parseDocument(text);
    } catch {
      throw damaged(this.path);
    }
  }

  async change(change: (document: LoginDocument) => LoginDocument): Promise<LoginDocument> {
    return underLock(`${this.path}.lock`, this.limits(CHANGE_TIMEOUT_MS), async () => {
      // Read before a key is made: without its key, a file must stay readable by whoever brings the key back.
      const next = change(await this.read());
      const text = JSON.stringify(next);
      // What can't be read again would take all other logins with it.
      parseDocument(text);
      const key = (await this.readKey()) ?? (await this.makeKey());
      await replaceFile(this.path, encrypt(text, key));
      return next;
    });
  }

  erase(): Promise<void> {
    return underLock(`${this.path}.lock`, this.limits(CHANGE_TIMEOUT_MS), async () => {
      await rm(this.path, { force: true });
      await this.key.remove();
      this.known = undefined;
    });
  }

  alone<T>(resource: string, work: () => Promise<T>): Promise<T> {
    const name = createHash('sha256').update(resource).digest('base64url').slice(0, 16);
    return underLock(join(this.folder, `refresh-${name}.lock`), this.limits(REFRESH_TIMEOUT_MS), work);
  }

  private limits(timeoutMs: number): LockLimits {
    return { timeoutMs, signal: this.signal };
  }

  private async keyOfFile(): Promise<Buffer> {
    const key = await this.readKey();
    if (key) return key;
    throw new CliError('untrusted', 'store_key_missing', `The key of ${this.path} is gone; nothing was changed`, [
      'Bring it back (keychain of this user, or the file "key" beside it), or move the file away and log in again.',
    ]);
  }

  /** Asked for once: a keychain may ask the person each time. */
  private async readKey(): Promise<Buffer | undefined> {
    const known = (this.known ??= this.key.read());
    try {
      const key = await known;
      if (key === undefined) this.known = undefined;
      return key;
    } catch (error) {
      this.known = undefined;
      throw error;
    }
  }

  private async makeKey(): Promise<Buffer> {
    const key = await this.key.make();
    this.known = Promise.resolve(key);
    return key;
  }
}

/** Logins that end with this process. */
export class MemoryLoginStore implements LoginStore {
  readonly kind = 'memory';
  private document = NO_LOGINS;

  async read(): Promise<LoginDocument> {
    return this.document;
  }

  async change(change: (document: LoginDocument) => LoginDocument): Promise<LoginDocument> {
    this.document = change(this.document);
    return this.document;
  }

  async erase(): Promise<void> {
    this.document = NO_LOGINS;
  }

  alone<T>(_resource: string, work: () => Promise<T>): Promise<T> {
    return work();
  }
}

/** The file with logins in their folder. */
export function loginsPath(folder: string): string {
  return join(folder, 'tokens');
}
