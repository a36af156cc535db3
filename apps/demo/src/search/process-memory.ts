import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { readableRegions } from './regions.js';
import { type Matcher, type Searched, searchStretch, sum } from './stream.js';

/** Whether this system exposes the memory of processes as files, as Linux does. */
export function canReadMemory(): boolean {
  return existsSync('/proc/self/mem');
}

/**
 * Searches all readable mappings of a process: heap, stacks, code, mapped files.
 * @throws Error if the process does not exist or belongs to another user
 */
export function searchProcess(pid: number, matcher: Matcher): Searched {
  const fd = openSync(`/proc/${pid}/mem`, 'r');
  try {
    return sum(readableRegions(pid).map(([start, end]) => searchStretch(fd, start, end, matcher)));
  } finally {
    closeSync(fd);
  }
}

/** A process and all its living descendants; only the process itself where the system does not list them. */
export function withDescendants(pid: number): number[] {
  if (!canReadMemory()) return [pid];
  const parents = new Map(allPids().map((child) => [child, parentOf(child)]));
  const found = [pid];
  for (const parent of found) {
    for (const [child, itsParent] of parents) if (itsParent === parent) found.push(child);
  }
  return found;
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The fourth field of proc(5) stat; the second, the command, may itself hold spaces and parentheses. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
