import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files below a folder, by their path in it, that hold one of these secrets. */
export async function filesWith(secrets: string[], folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found: string[] = [];
  for (const file of files) {
    const bytes = await readFile(file);
    if (secrets.some((secret) => bytes.includes(secret))) found.push(file.slice(folder.length + 1));
  }
  return found.sort();
}
