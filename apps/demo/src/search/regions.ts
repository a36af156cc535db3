import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** A range of addresses or offsets, in bytes; the end is not part of it. */
export type Region = [start: number, end: number];

const ENTRY_BYTES = 8;
const AT_PAGESZ = 6;

/**
 * Address ranges of a process that can contain data: all readable ones (proc(5), maps), except pages of anonymous
 * memory that are neither present nor swapped out. Those are still zero, and V8 reserves hundreds of MiB of them.
 */
export function readableRegions(pid: number): Region[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  const pagemap = openOrNothing(`/proc/${pid}/pagemap`);
  const pageBytes = pageBytesOfSystem();
  try {
    return lines.filter(isReadable).flatMap((line) => {
      const region = addressesOf(line);
      return pagemap !== undefined && isAnonymous(line) ? usedPages(pagemap, region, pageBytes) : [region];
    });
  } finally {
    if (pagemap !== undefined) closeSync(pagemap);
  }
}

/** The kernel's own pages contain no data of the process. */
function isReadable(line: string): boolean {
  return /^\S+ r/.test(line) && !/\[v(var|syscall|var_vclock)\]$/.test(line);
}

function isAnonymous(line: string): boolean {
  return / 00:00 0 /.test(`${line} `);
}

function addressesOf(line: string): Region {
  const [start = '', end = ''] = line.split(/[- ]/, 2);
  return [Number.parseInt(start, 16), Number.parseInt(end, 16)];
}

/** Consecutive pages that are present or swapped (Linux admin guide, pagemap, bits 63 and 62). */
function usedPages(pagemap: number, [start, end]: Region, pageBytes: number): Region[] {
  const entries = Buffer.alloc(((end - start) / pageBytes) * ENTRY_BYTES);
  const read = readSync(pagemap, entries, 0, entries.length, (start / pageBytes) * ENTRY_BYTES);
  if (read < entries.length) return [[start, end]];
  const runs: Region[] = [];
  for (let page = start, at = ENTRY_BYTES - 1; page < end; page += pageBytes, at += ENTRY_BYTES) {
    if (((entries[at] ?? 0) & 0xc0) === 0) continue;
    const last = runs.at(-1);
    if (last?.[1] === page) last[1] = page + pageBytes;
    else runs.push([page, page + pageBytes]);
  }
  return runs;
}

/** Reads the auxiliary vector (getauxval(3)), which has pairs of key and value. */
function pageBytesOfSystem(): number {
  const vector = readFileSync('/proc/self/auxv');
  for (let at = 0; at + 16 <= vector.length; at += 16) {
    if (vector.readBigUInt64LE(at) === BigInt(AT_PAGESZ)) return Number(vector.readBigUInt64LE(at + 8));
  }
  throw new Error('the system does not report its page size');
}

function openOrNothing(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}
