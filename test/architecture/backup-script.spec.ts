import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';

const SCRIPT = fileURLToPath(new URL('../../deploy/backup/backup.sh', import.meta.url));
const OLD = ['lethe-20250101T000000Z.dump', 'lethe-20250102T000000Z.dump', 'lethe-20250103T000000Z.dump'];

/** The script with programs of its own for PostgreSQL's: which dumps stay is what is tested here. */
describe('deploy/backup/backup.sh', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lethe-backup-'));
    for (const name of OLD) writeFileSync(join(folder, name), 'old');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function program(name: string, body: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  }

  function once({
    dump = 'for a; do case $a in --file=*) echo new > "${a#--file=}";; esac; done',
    restore = 'exit 0',
  }) {
    program('pg_dump', dump);
    program('pg_restore', restore);
    const env = { PATH: `${folder}:/usr/bin:/bin`, BACKUP_FOLDER: folder, BACKUP_KEEP: '3', BACKUP_HOURS: '24' };
    const { status } = spawnSync('/bin/sh', [SCRIPT, 'once'], { env });
    return { status, dumps: readdirSync(folder).filter((name) => name.endsWith('.dump')) };
  }

  it('keeps the newest dumps', () => {
    verifies('deployment.backup');
    const { status, dumps } = once({});
    expect(status).toBe(0);
    expect(dumps).toEqual([OLD[1], OLD[2], expect.stringMatching(/^lethe-\d{8}T\d{6}Z\.dump$/)]);
    expect(readFileSync(join(folder, dumps[2] ?? ''), 'utf8')).toBe('new\n');
  });

  it.each([
    ['could not be made', { dump: 'exit 1' }],
    ['can not be read', { restore: 'exit 1' }],
  ])('keeps the older dumps and fails when the new one %s', (_what, programs) => {
    verifies('deployment.backup');
    expect(once(programs)).toEqual({ status: 1, dumps: OLD });
  });
});
