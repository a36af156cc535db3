import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { underLock } from './file-lock.js';

describe('a lock that several processes know', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lethe-lock-'));
    path = join(folder, 'one.lock');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const none = (): Promise<string> => Promise.resolve('done');
  /** As if the clock had been set, or the machine had slept. */
  const makeOld = () => utimes(path, new Date(), new Date(Date.now() - 86_400_000));

  it('is not taken from somebody in another container or on another machine, whose numbers of processes are others', async () => {
    verifies('login.one-refresher');
    await writeFile(path, '4194305 somebody other-host pid:[1]');
    await expect(underLock(path, { timeoutMs: 50 }, none)).rejects.toMatchObject({ code: 'store_busy' });
    expect(await readFile(path, 'utf8')).toContain('other-host');
  });

  it('is not taken at once from a process that lives, when the clock has jumped', async () => {
    verifies('login.one-refresher');
    await underLock(path, { timeoutMs: 50 }, async () => {
      await makeOld();
      const limits = { timeoutMs: 10_000, signal: AbortSignal.timeout(200) };
      await expect(underLock(path, limits, none)).rejects.toMatchObject({ kind: 'cancelled' });
    });
    expect(await underLock(path, { timeoutMs: 50 }, none)).toBe('done');
  });

  it('does not stay for ever with a process that lives and lets it lie', async () => {
    await writeFile(path, `${process.pid} old`);
    await makeOld();
    expect(await underLock(path, { timeoutMs: 400 }, none)).toBe('done');
  });

  it('is waited for until Ctrl-C', async () => {
    await writeFile(path, `${process.pid} here`);
    const limits = { timeoutMs: 20_000, signal: AbortSignal.timeout(30) };
    await expect(underLock(path, limits, none)).rejects.toMatchObject({ kind: 'cancelled' });
    expect(await readFile(path, 'utf8')).toContain('here');
  });

  it('that can not be written says why, and leaves nothing', async () => {
    const missing = join(folder, 'missing', 'one.lock');
    await expect(underLock(missing, { timeoutMs: 50 }, none)).rejects.toMatchObject({ code: 'store_unwritable' });
  });
});
