import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { CliError } from '../errors/cli.error.js';
import { FileLoginStore, loginsPath } from './login-store.js';
import { type LoginDocument, NO_LOGINS } from './login-record.js';
import { openStore, type StoreChoice } from './open-store.js';
import { KeyFile, newStoreKey } from './store-key.js';

const RESOURCE = 'https://mcp.example.com/mcp';
const SECRET = 'refresh-token-of-the-test';
const login = (refreshToken = SECRET): LoginDocument['logins'][string] => ({
  ...{ resource: RESOURCE, issuer: 'https://as.example.com' },
  client: { clientId: 'one', registration: 'dynamic' },
  tokens: { accessToken: 'a', refreshToken, obtainedAt: 0 },
});
const withLogin = (document: LoginDocument): LoginDocument => ({ ...document, logins: { [RESOURCE]: login() } });

/** A keychain library whose calls do what a test says. */
const FAKE_LIBRARY = (behaviour: string): string => `
import { readFileSync, writeFileSync } from 'node:fs';
const file = new URL('./entries.json', import.meta.url);
const entries = () => { try { return JSON.parse(readFileSync(file, 'utf8')); } catch { return {}; } };
export class AsyncEntry {
  constructor(service, account, options) {
    if (options?.linux?.store !== 'secret-service') throw new Error('not pinned');
    this.name = service + ' ' + account;
  }
  async setPassword(secret) { ${behaviour}; writeFileSync(file, JSON.stringify({ ...entries(), [this.name]: secret })); }
  async getPassword() { ${behaviour}; return entries()[this.name] ?? null; }
}`;
const BEHAVIOURS = {
  works: '',
  locked: `throw new Error('locked')`,
  // As a call does that never comes back from the operating system.
  hangs: 'for (;;);',
};

describe('the store of logins', () => {
  let home: string;
  let folder: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'lethe-store-'));
    folder = join(home, 'logins');
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const library = async (behaviour: keyof typeof BEHAVIOURS): Promise<string> => {
    const path = join(home, 'library.mjs');
    await writeFile(path, FAKE_LIBRARY(BEHAVIOURS[behaviour]));
    return path;
  };
  const open = (choice: Partial<StoreChoice> = {}) => openStore({ folder, keychainTimeoutMs: 10_000, ...choice });
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (error: unknown) => (error instanceof CliError ? error.code : String(error)),
    );

  it('has its key in the keychain, and no token in clear in its one file, which only the user may read', async () => {
    verifies('login.store');
    const keychainLibrary = await library('works');
    await (await open({ keychainLibrary })).change(withLogin);
    const content = await readFile(loginsPath(folder), 'utf8');
    expect(content).not.toContain(SECRET);
    expect(Buffer.from(content, 'base64').toString('latin1')).not.toContain(SECRET);
    const modes = await Promise.all([folder, loginsPath(folder)].map((path) => stat(path)));
    expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['700', '600']);
    expect((await (await open({ keychainLibrary })).read()).logins[RESOURCE]).toEqual(login());
    // Another user of the same keychain library has another folder, and so another entry and no logins.
    const other = await open({ keychainLibrary, folder: join(home, 'other') });
    expect(await other.read()).toEqual(NO_LOGINS);
  });

  it.each([
    ['hangs', 'keychain_slow'],
    ['locked', 'keychain_refused'],
    ['absent', 'keychain_unavailable'],
  ] as const)('says what is wrong with a keychain that %s, soon, and loses nothing', async (behaviour, code) => {
    verifies('login.keychain');
    const works = await open({ keychainLibrary: await library('works') });
    await works.change(withLogin);
    const before = await readFile(loginsPath(folder), 'utf8');
    const path = behaviour === 'absent' ? join(home, 'missing.mjs') : await library(behaviour);
    const keychainTimeoutMs = behaviour === 'hangs' ? 500 : 10_000;
    const store = await open({ keychainLibrary: path, keychainTimeoutMs });
    const started = performance.now();
    expect([await codeOf(store.read()), await codeOf(store.change(withLogin))]).toEqual([code, code]);
    expect(performance.now() - started).toBeLessThan(9_000);
    expect(await readFile(loginsPath(folder), 'utf8')).toBe(before);
    // It works again as soon as the keychain does.
    expect(await codeOf((await open({ keychainLibrary: await library('works') })).read())).toBe('done');
  });

  it('does not take the kernel’s keyring for a keychain, where the real library finds no other', async () => {
    verifies('login.keychain');
    const { DBUS_SESSION_BUS_ADDRESS: bus } = process.env;
    process.env['DBUS_SESSION_BUS_ADDRESS'] = 'unix:path=/nowhere';
    try {
      expect(await codeOf((await open()).change(withLogin))).toMatch(/^keychain_(unavailable|refused)$/);
    } finally {
      if (bus === undefined) delete process.env['DBUS_SESSION_BUS_ADDRESS'];
      else process.env['DBUS_SESSION_BUS_ADDRESS'] = bus;
    }
  });

  it('stays as it is when its file is damaged, or its key is gone or another one', async () => {
    verifies('login.store');
    const store = await open({ kind: 'file' });
    await store.change(withLogin);
    const [path, keyPath] = [loginsPath(folder), join(folder, 'key')];
    const [content, key] = await Promise.all([readFile(path, 'utf8'), readFile(keyPath, 'utf8')]);
    const isLeft = async (): Promise<string[]> => {
      const there = await readFile(path, 'utf8');
      const again = await open();
      const codes = [await codeOf(again.read()), await codeOf(again.change(withLogin))];
      expect(await readFile(path, 'utf8')).toBe(there);
      return codes;
    };
    for (const damaged of ['', content.slice(0, 60), content.replace(/"data":"(.)/, '"data":"_$1'), '{"format":"x"}']) {
      await writeFile(path, damaged);
      expect(await isLeft()).toEqual(['store_damaged', 'store_damaged']);
    }
    await writeFile(path, content);
    await writeFile(keyPath, newStoreKey().toString('base64url'));
    expect(await isLeft()).toEqual(['store_key_other', 'store_key_other']);
    await writeFile(keyPath, 'nothing');
    expect(await isLeft()).toEqual(['store_key_damaged', 'store_key_damaged']);
    await rm(keyPath);
    const gone = new FileLoginStore(folder, new KeyFile(keyPath), 'file');
    expect(await codeOf(gone.change(withLogin))).toBe('store_key_missing');
    await writeFile(keyPath, key, { mode: 0o600 });
    expect((await (await open()).read()).logins[RESOURCE]).toEqual(login());
  });

  it('keeps one kind of key, until its logins are gone', async () => {
    await (await open({ kind: 'file' })).change(withLogin);
    expect((await open()).kind).toBe('file');
    expect(await codeOf(open({ kind: 'keychain' }))).toBe('store_kind_other');
  });

  it.skipIf(process.getuid?.() !== 0)(
    'is not shared with another user, nor in a folder that others may enter',
    async () => {
      const { chmod, chown } = await import('node:fs/promises');
      await (await open({ kind: 'file' })).change(withLogin);
      await chmod(folder, 0o755);
      expect(await codeOf(open())).toBe('folder_not_private');
      await chmod(folder, 0o700);
      await chown(folder, 12_345, 12_345);
      expect(await codeOf(open())).toBe('folder_not_private');
    },
  );

  it('survives writers that died with the lock, and half a draft', async () => {
    const store = await open({ kind: 'file' });
    await store.change(withLogin);
    // A process number that is not in use.
    await writeFile(`${loginsPath(folder)}.lock`, '4194305 gone');
    await writeFile(`${loginsPath(folder)}.draft`, 'half');
    expect(await codeOf((await open()).change((document) => document))).toBe('done');
    expect((await (await open()).read()).logins[RESOURCE]).toEqual(login());
  });
});
