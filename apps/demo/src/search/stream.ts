import { readSync } from 'node:fs';

const CHUNK_BYTES = 4 * 1024 * 1024;

/** Finds matches in a stretch of bytes that comes in pieces. */
export interface Matcher {
  /**
   * Counts the matches in `bytes`. Says how many bytes it is done with; the rest comes again at the start of the next
   * call, so that a match across two pieces is counted once. With `isLast` nothing comes after.
   */
  match(bytes: Buffer, isLast: boolean): { copies: number; done: number };
}

export interface Searched {
  bytes: number;
  copies: number;
}

// One buffer for all searches, wiped after each: what was read from elsewhere must not stay with the searcher.
const buffer = Buffer.alloc(CHUNK_BYTES);

/** Searches `[start, end)` of an open file or memory. A stretch that ends early, or can't be read on, ends there. */
export function searchStretch(fd: number, start: number, end: number, matcher: Matcher): Searched {
  const searched = { bytes: 0, copies: 0 };
  let kept = 0;
  let used = 0;
  for (let position = start; ;) {
    const read = readOrNothing(fd, kept, Math.min(CHUNK_BYTES - kept, end - position), position);
    position += read;
    searched.bytes += read;
    used = Math.max(used, kept + read);
    const held = buffer.subarray(0, kept + read);
    const isLast = read === 0 || position >= end;
    const { copies, done } = matcher.match(held, isLast);
    searched.copies += copies;
    if (isLast) break;
    kept = held.length - done;
    buffer.copyWithin(0, done, held.length);
  }
  buffer.fill(0, 0, used);
  return searched;
}

/** Pages that the kernel does not hand out (devices, guard pages) read as the end of their stretch. */
function readOrNothing(fd: number, offset: number, length: number, position: number): number {
  try {
    return length <= 0 ? 0 : readSync(fd, buffer, offset, length, position);
  } catch {
    return 0;
  }
}

export function sum(all: Searched[]): Searched {
  return {
    bytes: all.reduce((total, { bytes }) => total + bytes, 0),
    copies: all.reduce((total, { copies }) => total + copies, 0),
  };
}
