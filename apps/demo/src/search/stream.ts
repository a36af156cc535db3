import { readSync } from 'node:fs';

const CHUNK_BYTES = 4 * 1024 * 1024;

/** Finds matches in a range of bytes that arrives in chunks. */
export interface Matcher {
  /**
   * Counts the matches in `bytes` and returns how many bytes are finished. The rest is passed again at the start of the
   * next call, so that a match across two chunks is counted once. `isLast` marks the last chunk.
   */
  match(bytes: Buffer, isLast: boolean): { copies: number; done: number };
}

/** How much was searched, and how many copies were found. */
export interface Searched {
  bytes: number;
  copies: number;
}

// One buffer for all searches, wiped after each: data of other processes must not remain in this one.
const buffer = Buffer.alloc(CHUNK_BYTES);

/** Searches `[start, end)` of an open file or memory. The search ends where nothing more can be read. */
export function searchStretch(fd: number, start: number, end: number, matcher: Matcher): Searched {
  const searched = { bytes: 0, copies: 0 };
  let kept = 0;
  let used = 0;
  for (let position = start; ;) {
    const read = readOrNothing(fd, kept, Math.min(CHUNK_BYTES - kept, end - position), position);
    position += read;
    searched.bytes += read;
    used = Math.max(used, kept + read);
    const buffered = buffer.subarray(0, kept + read);
    const isLast = read === 0 || position >= end;
    const { copies, done } = matcher.match(buffered, isLast);
    searched.copies += copies;
    if (isLast) break;
    kept = buffered.length - done;
    buffer.copyWithin(0, done, buffered.length);
  }
  buffer.fill(0, 0, used);
  return searched;
}

/** A page that the kernel does not let us read (device, guard page) counts as the end of its range. */
function readOrNothing(fd: number, offset: number, length: number, position: number): number {
  try {
    return length <= 0 ? 0 : readSync(fd, buffer, offset, length, position);
  } catch {
    return 0;
  }
}

/** Adds up results. */
export function sum(all: Searched[]): Searched {
  return {
    bytes: all.reduce((total, { bytes }) => total + bytes, 0),
    copies: all.reduce((total, { copies }) => total + copies, 0),
  };
}
