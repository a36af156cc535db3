import { join } from 'node:path';
import { CliError } from '../errors/cli.error.js';
import { readIfThere } from './encrypted-file.js';
import { Keychain } from './keychain.js';
import { FileLoginStore, loginsPath, type LoginStore, MemoryLoginStore, type StoreKind } from './login-store.js';
import { privateFolder } from './private-folder.js';
import { KeyFile } from './store-key.js';

/** Which store to open. */
export interface StoreChoice {
  folder: string;
  /** undefined: that of the logins which are there, else the keychain. */
  kind?: StoreKind | undefined;
  /** How long each call into the keychain may take. */
  keychainTimeoutMs: number;
  /** Path of the keychain library, if it is not the installed one. */
  keychainLibrary?: string | undefined;
  /** Ends a call into the keychain, and the wait for other processes. */
  signal?: AbortSignal | undefined;
}

/**
 * Opens the store of this user's logins. Does not read them yet.
 * @throws CliError `folder_not_private`, `store_kind_other`
 */
export async function openStore(choice: StoreChoice): Promise<LoginStore> {
  if (choice.kind === 'memory') return new MemoryLoginStore();
  const folder = await privateFolder(choice.folder);
  const present = await presentKind(folder);
  if (choice.kind && present && choice.kind !== present) throw otherKind(present);
  const kind = choice.kind ?? present ?? 'keychain';
  const { keychainTimeoutMs: timeoutMs, keychainLibrary: library, signal } = choice;
  if (kind === 'file') return new FileLoginStore(folder, new KeyFile(keyPath(folder)), kind, signal);
  return new FileLoginStore(folder, new Keychain({ account: folder, timeoutMs, library, signal }), kind, signal);
}

/** The kind of the logins that are there. */
async function presentKind(folder: string): Promise<'keychain' | 'file' | undefined> {
  if ((await readIfThere(keyPath(folder))) !== undefined) return 'file';
  return (await readIfThere(loginsPath(folder))) === undefined ? undefined : 'keychain';
}

function keyPath(folder: string): string {
  return join(folder, 'key');
}

function otherKind(present: 'keychain' | 'file'): CliError {
  const where = present === 'file' ? 'with their key in a file' : 'with their key in the keychain';
  return new CliError('usage', 'store_kind_other', `Logins are kept already, ${where}; nothing was changed`, [
    'Leave out --store; or end them all first: lethe logout --all',
  ]);
}
