import { spawnSync } from 'node:child_process';
import { chown, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { listenAt, pipeName, socketPath } from './private-socket.js';
import { privateFolder } from '../token-store/private-folder.js';

const SOMEBODY = 65_534;

describe('a folder of one person', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'lethe-home-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));
  const refused = (path: string) => expect(privateFolder(path)).rejects.toMatchObject({ code: 'folder_not_private' });

  it('is no symbolic link, and where it can not be made it says so', async () => {
    verifies('login.own-user');
    await mkdir(join(home, 'elsewhere'), { mode: 0o700 });
    await symlink(join(home, 'elsewhere'), join(home, 'link'));
    await refused(join(home, 'link'));
    await writeFile(join(home, 'file'), '');
    await expect(privateFolder(join(home, 'file', 'logins'))).rejects.toMatchObject({ code: 'store_unwritable' });
  });

  it('has one name for pipes, which others can not guess, whoever asks first', async () => {
    verifies('login.own-user');
    // As a process leaves it that has ended before it wrote.
    await writeFile(join(home, 'pipe'), '');
    const names = await Promise.all(Array.from({ length: 8 }, () => pipeName(home)));
    expect(new Set(names).size).toBe(1);
    expect(names[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  describe.skipIf(process.getuid?.() !== 0)('among several users', () => {
    it('is not made by root in the home of somebody, who could not use it then', async () => {
      verifies('login.own-user');
      await chown(home, SOMEBODY, SOMEBODY);
      await refused(join(home, '.config', 'lethe', 'logins'));
      expect(await readdir(home)).toEqual([]);
    });

    it('has a socket that nobody else can reach', async () => {
      verifies('login.own-user');
      const path = await socketPath(join(home, 'logins'), 'refresher');
      const server = createServer();
      await listenAt(server, path);
      // The way there is open, but for the folder itself.
      spawnSync('chmod', ['755', home]);
      const program = `require('node:net').connect(process.argv[1]).on('error', ({ code }) => { console.log(code); process.exit(); }).on('connect', () => { console.log('in'); process.exit(); })`;
      const asked = (uid: number) => spawnSync(process.execPath, ['-e', program, path], { uid, encoding: 'utf8' }).stdout;
      // Not 'in' for the lack of a right to run node either.
      expect([asked(0), asked(SOMEBODY)]).toEqual(['in\n', 'EACCES\n']);
      await new Promise((resolve) => server.close(resolve));
    }); // prettier-ignore

    it('is not taken from somebody who made it before, in the folder for temporary files', async () => {
      verifies('login.own-user');
      const long = join(home, 'x'.repeat(60), 'y'.repeat(60));
      const made = join(await socketPath(long, 'refresher'), '..');
      await chown(made, SOMEBODY, SOMEBODY);
      await expect(socketPath(long, 'refresher')).rejects.toMatchObject({ code: 'folder_not_private' });
      await rm(made, { recursive: true });
      await symlink(home, made);
      await expect(socketPath(long, 'refresher')).rejects.toMatchObject({ code: 'folder_not_private' });
      await rm(made);
    });
  });
});
