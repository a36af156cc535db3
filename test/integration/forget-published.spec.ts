import { execFile } from 'node:child_process';
import { MARKS_BUCKET, BUCKETS } from '@lethe/contracts';
import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { isNatsServerAvailable, type NatsServer, startNatsServer } from '../support/nats-server.js';
import { ROOT } from '../support/processes.js';

const CONFIG = `authorization { users: [
  { user: operator, password: pw_secret }
  { user: limited, password: pw_secret, permissions: { publish: { deny: "$JS.API.STREAM.DELETE.>" } } }
] }`;

describe.runIf(isNatsServerAvailable())('deploy/backup/forget-published.mjs', () => {
  let server: NatsServer;

  beforeAll(async () => {
    server = await startNatsServer({ config: CONFIG });
    const connection = await connect({ servers: server.url, user: 'operator', pass: 'pw_secret' });
    for (const bucket of [...Object.values(BUCKETS), MARKS_BUCKET]) await new Kvm(connection).create(bucket);
    await connection.close();
  });
  afterAll(() => server?.stop());

  const urlOf = (user: string): string => server.url.replace('//', `//${user}:pw_secret@`);
  function run(url: string): Promise<{ code: unknown; said: string }> {
    const options = { env: { NATS_URL: url } };
    return new Promise((resolve) => {
      execFile(process.execPath, [`${ROOT}deploy/backup/forget-published.mjs`], options, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, said: stdout + stderr }),
      );
    });
  }

  it('fails if something can not be deleted, and deletes what is there at any of several addresses', async () => {
    verifies('backup.restored');
    const refused = await run(urlOf('limited'));
    expect(refused.code).toBe(1);
    expect(refused.said).toMatch(/^The published state was not deleted: /);
    const several = `${urlOf('operator')},${server.url}`;
    const buckets = ['KV_lethe-servers', 'KV_lethe-callers', 'KV_lethe-kept', 'KV_lethe-marks'];
    const each = (what: string) => buckets.map((bucket) => `${bucket}: ${what}\n`).join('');
    expect(await run(several)).toEqual({ code: 0, said: each('deleted') });
    expect((await run(several)).said).toBe(each('is not there'));
  });

  it('never says the password', async () => {
    for (const url of ['', 'nats://operator:pw_secret@', `${urlOf('operator')},nats://operator:pw_secret@h:x`]) {
      const { code, said } = await run(url);
      expect([code, said]).toEqual([1, 'NATS_URL is needed: the address of NATS with the user operator\n']);
    }
  });
});
