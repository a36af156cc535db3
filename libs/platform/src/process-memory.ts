import { writeFileSync } from 'node:fs';

/** Flags of Node.js that open the memory of a process to others or write it to a file (https://nodejs.org/api/cli.html). */
const EXPOSING = /--(inspect([-_](brk|wait))?|heapsnapshot[-_](signal|near[-_]heap[-_]limit))(?![-_\w])/g;

/**
 * Keeps memory out of core dumps and debuggers, as far as a process can do that itself. Core dumps of this process and of those it
 * starts have none of it, on Linux (core(5)); SIGUSR1 opens no inspector, as a listener takes the place of the one of Node.js.
 */
export function guardMemory(): void {
  excludeMemoryFromCoreDumps();
  if (!process.listeners('SIGUSR1').includes(ignore)) process.on('SIGUSR1', ignore);
}

/** The names of flags in these texts that would undo it. */
export function exposingFlags(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => text.match(EXPOSING) ?? []))];
}

function excludeMemoryFromCoreDumps(): void {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Other systems have no such file, and no promise.
  }
}

function ignore(): void {
  // That it is there is enough.
}
