import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DirectoryInUse, lockDirectory } from './directory-lock.js';

const lockFile = () => join(mkdtempSync(join(tmpdir(), 'lethe-lock-')), 'db.lock');

describe('lockDirectory', () => {
  it('gives a directory to one holder at a time', () => {
    const file = lockFile();
    const release = lockDirectory(file);
    expect(() => lockDirectory(file)).toThrow(DirectoryInUse);
    release();
    expect(existsSync(file)).toBe(false);
    lockDirectory(file)();
  });

  it('respects another living process', () => {
    const file = lockFile();
    writeFileSync(file, String(process.ppid));
    expect(() => lockDirectory(file)).toThrow(DirectoryInUse);
  });

  it('takes over what a dead process left', () => {
    const file = lockFile();
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(file, String(dead));
    lockDirectory(file)();
  });
});
