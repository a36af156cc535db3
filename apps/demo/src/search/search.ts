import { searchPath } from './files.js';
import { type PieceHashes, PieceMatcher } from './piece-matcher.js';
import { searchProcess } from './process-memory.js';
import type { Searched } from './stream.js';
import { WindowMatcher } from './window-matcher.js';

/** Counts the pieces of a secret, known only by hashes, in the memory of a process. */
export function searchMemory(pid: number, pieces: PieceHashes): Searched {
  return searchProcess(pid, new PieceMatcher(pieces));
}

/** Counts the pieces of a secret, known only by hashes, in a file or in all files below a folder. */
export function searchFiles(path: string, pieces: PieceHashes): Searched {
  return searchPath(path, new PieceMatcher(pieces));
}

/** Counts whole and partial copies (of at least `window` characters) of a known text in the memory of a process. */
export function countCopies(pid: number, canary: Buffer, window = 8): number {
  return searchProcess(pid, new WindowMatcher(canary, window)).copies;
}

/** Counts the same in a file or in all files below a folder. */
export function countCopiesInFiles(path: string, canary: Buffer, window = 8): number {
  return searchPath(path, new WindowMatcher(canary, window)).copies;
}
