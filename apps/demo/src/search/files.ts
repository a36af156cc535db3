import { closeSync, fstatSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Matcher, type Searched, searchStretch, sum } from './stream.js';

/** Searches one file, or every regular file below a folder. A file that is deleted meanwhile counts as empty. */
export function searchPath(path: string, matcher: Matcher): Searched {
  if (!statSync(path).isDirectory()) return searchFile(path, matcher);
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return sum(files.map((file) => searchFile(file, matcher)));
}

function searchFile(path: string, matcher: Matcher): Searched {
  const fd = openIfPresent(path);
  if (fd === undefined) return { bytes: 0, copies: 0 };
  try {
    return searchStretch(fd, 0, fstatSync(fd).size, matcher);
  } finally {
    closeSync(fd);
  }
}

function openIfPresent(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
