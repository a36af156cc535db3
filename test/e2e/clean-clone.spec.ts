import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { ROOT } from '../support/processes.js';

/** Somebody else's server, which ends every connection and counts them. */
async function stranger(port: number): Promise<{ server: Server; visits: () => number }> {
  let visits = 0;
  const server = createServer((socket) => {
    visits += 1;
    socket.destroy();
  });
  // In use already, by another process: that is as good.
  await Promise.race([once(server.listen(port, '127.0.0.1'), 'listening'), once(server, 'error')]).catch(
    () => undefined,
  );
  return { server, visits: () => visits };
}

describe('a clean clone', () => {
  it(
    'needs nothing but its install to run the demo, while others have the ports of NATS, PostgreSQL and Lethe',
    { timeout: 480_000 },
    async () => {
      verifies('deployment.clean-clone');
      const strangers = await Promise.all([4222, 5432, 4400, 4500, 4600].map(stranger));
      const clone = await mkdtemp(join(tmpdir(), 'lethe-clone-'));
      try {
        // What is committed and nothing else; the installed packages are linked, the rest of `npm ci` is the CI's own run.
        execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${ROOT}`, clone]);
        await symlink(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
        const demo = spawn('npm', ['run', '--silent', 'demo', '--', '--once'], {
          cwd: clone,
          env: { PATH: process.env['PATH'] ?? '', HOME: clone },
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        let said = '';
        for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
        const [code] = (await once(demo, 'exit')) as [number | null];
        expect([code, said]).toEqual([0, expect.stringContaining("copies of the registration token's pieces: 0")]);
        expect(strangers.map(({ visits }) => visits())).toEqual(strangers.map(() => 0));
      } finally {
        for (const { server } of strangers) server.close();
        await rm(clone, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  );
});
