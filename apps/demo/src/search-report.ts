import type { PieceHashes } from './search/piece-matcher.js';
import { canReadMemory } from './search/process-memory.js';
import { searchFiles, searchMemory } from './search/search.js';
import type { Searched } from './search/stream.js';

/**
 * Where to search: folders and processes. Of several pids of one name, the first is the process, the others are its
 * descendants.
 */
export interface SearchPlaces {
  folders: Record<string, string>;
  processes: Record<string, number[]>;
}

/** The result of a search: lines for people, and the number of copies found. */
export interface SearchReport {
  copies: number;
  lines: string[];
}

/** Counts the pieces of a token in all these places, with the amount of data searched in each. */
export function searchEverywhere(hashes: PieceHashes, places: SearchPlaces): SearchReport {
  const memory = canReadMemory()
    ? Object.entries(places.processes).flatMap(([name, pids]) => searchFamily(name, pids, hashes))
    : [];
  const files = Object.entries(places.folders).map(([name, path]) => row(name, searchFiles(path, hashes)));
  const rows = [...memory, ...files];
  const lines = rows.map(({ name, bytes, copies }) => `${name.padEnd(46)}${size(bytes).padStart(10)}  found ${copies}`);
  if (!canReadMemory()) lines.push('This system has no /proc: the memory of processes was NOT searched.');
  return { copies: rows.reduce((total, { copies }) => total + copies, 0), lines };
}

function searchFamily(name: string, pids: number[], hashes: PieceHashes): Row[] {
  return pids.flatMap((pid, n) => {
    const searched = searchIfAlive(pid, hashes);
    return searched === undefined
      ? []
      : [row(`memory of ${name}${n === 0 ? '' : ', a child process'} (${pid})`, searched)];
  });
}

/** A waiting slot may end between the listing and the search. A process that has ended holds nothing. */
function searchIfAlive(pid: number, hashes: PieceHashes): Searched | undefined {
  try {
    return searchMemory(pid, hashes);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined;
    throw error;
  }
}

type Row = Searched & { name: string };

function row(name: string, searched: Searched): Row {
  return { name, ...searched };
}

function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${Math.round(bytes / 1024 / 1024)} MiB`;
}
