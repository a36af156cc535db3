import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/**
 * A cluster in one file: records of a path and its contents, together compressed with a checksum. The first record is not
 * of the cluster: it says whose cluster it is.
 */
interface FileRecord {
  /** Relative to the cluster's folder. */
  path: string;
  /** Undefined for a folder. */
  content?: Buffer;
}

/** Path of the first record. */
const MADE_BY = 'pglite';
const HEAD_BYTES = 6;
/** Size of what is a folder. */
const FOLDER = 0xff_ff_ff_ff;
/** Of what is unpacked, in bytes. Chunks of the usual 64 KiB would lie among what stays, and the process would keep their memory. */
const CHUNKS = { chunkSize: 4 * 1024 * 1024 };
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 19, [constants.ZSTD_c_checksumFlag]: 1 } };

/** PGlite of another version may have another PostgreSQL, or have compiled it otherwise. */
function installedPglite(): Buffer {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  return readFileSync(join(dirname(entry), '../package.json'));
}

function encode({ path, content }: FileRecord): Buffer[] {
  const name = Buffer.from(path);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt16BE(name.length);
  head.writeUInt32BE(content?.length ?? FOLDER, 2);
  return [head, name, content ?? Buffer.alloc(0)];
}

/** @throws RangeError if the bytes end within a record */
function* decode(bytes: Buffer): Generator<FileRecord> {
  for (let at = 0; at < bytes.length;) {
    const nameAt = at + HEAD_BYTES;
    const contentAt = nameAt + bytes.readUInt16BE(at);
    const size = bytes.readUInt32BE(at + 2);
    at = size === FOLDER ? contentAt : contentAt + size;
    if (at > bytes.length) throw new RangeError('The file of the first database is incomplete');
    const path = bytes.toString('utf8', nameAt, contentAt);
    yield size === FOLDER ? { path } : { path, content: bytes.subarray(contentAt, at) };
  }
}

function readCluster(dir: string): FileRecord[] {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  const records = entries.map((entry): FileRecord => {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(dir.length + 1);
    return entry.isDirectory() ? { path: name } : { path: name, content: readFileSync(path) };
  });
  // A folder is before what is in it.
  return records.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Writes the cluster in `dir`, which no database may have open, to `file`. */
export function packCluster(dir: string, file: string): void {
  const records = [{ path: MADE_BY, content: installedPglite() }, ...readCluster(dir)];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, zstdCompressSync(Buffer.concat(records.flatMap(encode)), COMPRESSION));
}

/**
 * Writes the cluster of `file` to `dir`, which is empty or missing. Only this user can read it.
 * @throws Error if the file is missing, damaged, or of another version of PGlite; then some of it may be written
 */
export function unpackCluster(file: string, dir: string): void {
  const [first, ...records] = decode(zstdDecompressSync(readFileSync(file), CHUNKS));
  if (first?.path !== MADE_BY || first.content?.equals(installedPglite()) !== true)
    throw new Error('The file of the first database is of another version of PGlite');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const { path, content } of records) {
    if (content === undefined) mkdirSync(join(dir, path), { mode: 0o700 });
    else writeFileSync(join(dir, path), content, { mode: 0o600 });
  }
}
