import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/publish.mjs', import.meta.url));
const NOT_FOUND = { status: 1, says: JSON.stringify({ error: { code: 'E404' } }) };

describe('scripts/publish.mjs', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lethe-publish-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A package of this version, and its integrity. */
  function packed(version: string): { file: string; integrity: string } {
    mkdirSync(join(folder, 'package'));
    writeFileSync(join(folder, 'package/package.json'), JSON.stringify({ name: 'lethe', version }));
    const file = join(folder, `lethe-${version}.tgz`);
    spawnSync('tar', ['-czf', file, '-C', folder, 'package']);
    return { file, integrity: `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}` };
  }

  /** Runs it with an npm that answers this when it is asked for the version; what it did. */
  function publish(file: string, { status, says }: { status: number; says: string }) {
    const calls = join(folder, 'calls');
    const npm = `#!/bin/sh\n[ "$1" = view ] || { echo "$*" > '${calls}'; exit 0; }\necho '${says}'\nexit ${status}\n`;
    writeFileSync(join(folder, 'npm'), npm);
    chmodSync(join(folder, 'npm'), 0o755);
    const PATH = [folder, dirname(process.execPath), process.env['PATH']].join(':');
    const ended = spawnSync(process.execPath, [SCRIPT, file], { encoding: 'utf8', env: { PATH } });
    return { status: ended.status, npm: existsSync(calls) ? readFileSync(calls, 'utf8').trim() : undefined };
  }

  it.each([
    ['1.0.0', 'latest', NOT_FOUND],
    ['1.0.1', 'latest', { status: 0, says: '' }],
    ['1.1.0-rc.1', 'next', NOT_FOUND],
  ])('publishes %s with the tag %s and its provenance', (version, tag, answer) => {
    const { file } = packed(version);
    const npm = `publish --provenance --access public --tag ${tag} ${file}`;
    expect(publish(file, answer)).toEqual({ status: 0, npm });
  });

  it('leaves a version as it is that was published from the same bytes', () => {
    const { file, integrity } = packed('1.0.0');
    expect(publish(file, { status: 0, says: JSON.stringify(integrity) })).toEqual({ status: 0, npm: undefined });
  });

  it.each([
    ['was published from other bytes', { status: 0, says: JSON.stringify('sha512-other') }],
    ['may be published or not', { status: 1, says: JSON.stringify({ error: { code: 'E500' } }) }],
  ])('fails when a version %s', (_, answer) => {
    expect(publish(packed('1.0.0').file, answer)).toEqual({ status: 1, npm: undefined });
  });
});
