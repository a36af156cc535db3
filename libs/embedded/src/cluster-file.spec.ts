import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packCluster, unpackCluster } from './cluster-file.js';

describe('the file of a cluster', () => {
  const root = mkdtempSync(join(tmpdir(), 'lethe-cluster-file-'));
  const file = join(root, 'made', 'first.zst');
  const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, index) => (index * index) % 256));

  beforeAll(() => {
    const dir = join(root, 'cluster');
    mkdirSync(join(dir, 'base', '5'), { recursive: true });
    mkdirSync(join(dir, 'pg_notify'));
    writeFileSync(join(dir, 'PG_VERSION'), '18\n');
    writeFileSync(join(dir, 'empty'), '');
    writeFileSync(join(dir, 'base', '5', '1259'), bytes);
    packCluster(dir, file);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('gives back its folders and files, for this user alone', () => {
    const dir = join(root, 'unpacked');
    unpackCluster(file, dir);
    expect(readdirSync(dir, { recursive: true }).map(String).sort()).toEqual(
      ['PG_VERSION', 'base', 'base/5', 'base/5/1259', 'empty', 'pg_notify'].sort(),
    );
    expect(readFileSync(join(dir, 'base/5/1259'))).toEqual(bytes);
    expect(readFileSync(join(dir, 'empty'))).toHaveLength(0);
    expect(statSync(join(dir, 'PG_VERSION')).mode & 0o077).toBe(0);
    expect(statSync(join(dir, 'base')).mode & 0o077).toBe(0);
  });

  const damages: [string, (packed: Buffer) => Buffer][] = [
    ['is cut short', (packed) => packed.subarray(0, packed.length - 20)],
    [
      'has another byte',
      (packed) => Buffer.from(packed.map((byte, at) => (at === packed.length - 200 ? ~byte : byte))),
    ],
    ['is empty', () => Buffer.alloc(0)],
    ['ends within a record', (packed) => zstdCompressSync(zstdDecompressSync(packed).subarray(0, -1))],
    [
      'is of another version of PGlite',
      (packed) => {
        const records = zstdDecompressSync(packed);
        records.write('9.9.9', records.indexOf('"version"') + 12);
        return zstdCompressSync(records);
      },
    ],
  ];
  it.each(damages)('is refused when it %s', (_how, damage) => {
    const damaged = join(root, 'damaged.zst');
    writeFileSync(damaged, damage(readFileSync(file)));
    expect(() => unpackCluster(damaged, join(root, 'refused'))).toThrow();
  });
});
