import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Content codings, the best one first, and the ending of a file that the build has compressed with it. */
const CODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** A file of the console, in memory. */
export interface ConsoleFile {
  type: string;
  /** Its entity tag (RFC 9110, section 8.8.3), the same for all codings but for their names in it. */
  digest: string;
  body: Buffer;
  /** The same body by its content coding, the best one first. */
  coded: ReadonlyMap<string, Buffer>;
}

/** Where `npm run build` puts the console: beside the compiled apps, which may have been started from their sources. */
export function builtConsole(): string {
  const besideApps = fileURLToPath(new URL('../../../../console', import.meta.url));
  const built = fileURLToPath(new URL('../../../../dist/console', import.meta.url));
  return existsSync(join(besideApps, 'index.html')) ? besideApps : built;
}

/**
 * Reads a built console, its files by their paths below `/console/`. Maps for debuggers are left out.
 * @returns undefined if the folder has no `index.html`
 */
export async function readConsole(folder: string): Promise<ReadonlyMap<string, ConsoleFile> | undefined> {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const bodies = new Map<string, Buffer>();
  for (const path of paths) bodies.set(relative(folder, path).split(sep).join('/'), await readFile(path));
  return new Map([...bodies.keys()].flatMap((path) => fileAt(path, bodies)));
}

function fileAt(path: string, bodies: ReadonlyMap<string, Buffer>): [string, ConsoleFile][] {
  const body = bodies.get(path);
  const type = TYPES[extname(path)];
  if (body === undefined || type === undefined) return [];
  const coded = CODINGS.flatMap(([coding, ending]) => {
    const compressed = bodies.get(path + ending);
    return compressed === undefined ? [] : [[coding, compressed] as const];
  });
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  return [[path, { type, digest, body, coded: new Map(coded) }]];
}
