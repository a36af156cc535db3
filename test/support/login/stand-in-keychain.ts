import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Behaves as the variable `KEYCHAIN` of its process says, and keeps its entries in the home of the person. */
const LIBRARY = `
import { readFileSync, writeFileSync } from 'node:fs';
const { HOME, KEYCHAIN } = process.env;
const file = HOME + '/keychain.json';
const entries = () => { try { return JSON.parse(readFileSync(file, 'utf8')); } catch { return {}; } };
const keep = (name, secret) => writeFileSync(file, JSON.stringify({ ...entries(), [name]: secret }));
const open = () => {
  if (KEYCHAIN === 'locked') throw new Error('locked');
  // As a call does that never comes back from the operating system.
  if (KEYCHAIN === 'slow') { writeFileSync(HOME + '/asked', ''); for (;;); }
};
export class AsyncEntry {
  constructor(service, account) {
    if (KEYCHAIN === 'absent') throw new Error('no bus');
    this.name = service + ' ' + account;
  }
  async setPassword(secret) { open(); keep(this.name, secret); }
  async getPassword() { open(); return entries()[this.name] ?? null; }
  async deleteCredential() { open(); keep(this.name); }
}`;

/** Puts a library for keychains beside a program, which finds it before the installed one. Returns how to take it away. */
export async function standInKeychain(program: string): Promise<() => Promise<void>> {
  const modules = join(dirname(program), 'node_modules');
  const folder = join(modules, '@napi-rs/keyring');
  await mkdir(folder, { recursive: true });
  const described = { name: '@napi-rs/keyring', version: '0.0.0', type: 'module', exports: './index.js' };
  await writeFile(join(folder, 'package.json'), JSON.stringify(described));
  await writeFile(join(folder, 'index.js'), LIBRARY);
  return () => rm(modules, { recursive: true, force: true });
}
