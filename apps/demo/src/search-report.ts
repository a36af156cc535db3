import type { PieceHashes } from './search/piece-matcher.js';
import { canReadMemory, withDescendants } from './search/process-memory.js';
import { searchFiles, searchMemory } from './search/search.js';
import type { Searched } from './search/stream.js';

/** Where to look: folders, and processes with all that descend from them. */
export interface Places {
  folders: Record<string, string>;
  processes: Record<string, number>;
}

export interface SearchReport {
  copies: number;
  lines: string[];
}

/** Counts the pieces of a token in all these places; says for each how much was read. */
export function searchEverywhere(hashes: PieceHashes, places: Places): SearchReport {
  const memory = canReadMemory()
    ? Object.entries(places.processes).flatMap(([name, pid]) => searchFamily(name, pid, hashes))
    : [];
  const files = Object.entries(places.folders).map(([name, path]) => row(name, searchFiles(path, hashes)));
  const rows = [...memory, ...files];
  const lines = rows.map(({ name, bytes, copies }) => `${name.padEnd(46)}${size(bytes).padStart(10)}  found ${copies}`);
  if (!canReadMemory()) lines.push('This system has no /proc: the memory of processes was NOT searched.');
  return { copies: rows.reduce((total, { copies }) => total + copies, 0), lines };
}

function searchFamily(name: string, pid: number, hashes: PieceHashes): Row[] {
  return withDescendants(pid).flatMap((member) => {
    const label = member === pid ? `memory of ${name} (${pid})` : `memory of its child (${member})`;
    const searched = searchIfAlive(member, hashes);
    return searched === undefined ? [] : [row(label, searched)];
  });
}

/** A waiting slot may end between the listing and the look; whoever is gone holds nothing. */
function searchIfAlive(pid: number, hashes: PieceHashes): Searched | undefined {
  try {
    return searchMemory(pid, hashes);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
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
