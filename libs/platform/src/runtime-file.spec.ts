import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeRuntimeFile } from './runtime-file.js';

describe('writeRuntimeFile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lethe-runtime-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('makes the data directory and writes the file whole, for its owner only', async () => {
    const home = join(folder, 'home');
    await writeRuntimeFile(home, { registryUrl: 'http://127.0.0.1:1' });
    await writeRuntimeFile(home, { registryUrl: 'http://127.0.0.1:2' });
    expect(JSON.parse(await readFile(join(home, 'runtime.json'), 'utf8'))).toEqual({
      registryUrl: 'http://127.0.0.1:2',
    });
    expect((await stat(join(home, 'runtime.json'))).mode & 0o777).toBe(0o600);
    expect(await readdir(home)).toEqual(['runtime.json']);
  });

  it('takes the name of one service', async () => {
    await writeRuntimeFile(folder, { url: 'x' }, 'runtime-proxy.json');
    expect(await readdir(folder)).toEqual(['runtime-proxy.json']);
  });
});
