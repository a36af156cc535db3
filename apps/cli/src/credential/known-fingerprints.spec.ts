import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KnownFingerprints } from './known-fingerprints.js';

const ONE = 'a'.repeat(43);
const TWO = 'b'.repeat(43);
let dir: string;
let path: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lethe-cli-'));
  path = join(dir, 'config', 'known-connectors.json');
});
afterEach(() => rm(dir, { recursive: true }));

describe('known connectors', () => {
  it('are none before the first use', async () => {
    expect(await new KnownFingerprints(path).of('http://one')).toEqual([]);
  });

  it('are kept per registry, for their owner only', async () => {
    await new KnownFingerprints(path).pin('http://one', [ONE]);
    await new KnownFingerprints(path).pin('http://two', [TWO]);
    expect(await new KnownFingerprints(path).of('http://one')).toEqual([ONE]);
    expect(await new KnownFingerprints(path).of('http://two')).toEqual([TWO]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('are replaced by a new pin', async () => {
    const known = new KnownFingerprints(path);
    await known.pin('http://one', [ONE]);
    await known.pin('http://one', [TWO]);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ registries: { 'http://one': [TWO] } });
  });

  it.each(['', '{', '[]', '{"registries":{"http://one":["short"]}}'])(
    'are not guessed from a broken file: %o',
    async (text) => {
      const known = new KnownFingerprints(path);
      await known.pin('http://one', [ONE]);
      await writeFile(path, text);
      await expect(known.of('http://one')).rejects.toMatchObject({ code: 'known_connectors_malformed' });
      await expect(known.pin('http://one', [TWO])).rejects.toMatchObject({ kind: 'untrusted' });
    },
  );
});
