import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { startAuthorizationServer } from '../support/authorization-server.js';
import { countCopies, countCopiesInFiles } from '../support/memory-scan.js';
import { type Separate, startSeparate } from '../support/separate.js';
import { realPartsAvailable } from '../support/real-parts.js';
import { until } from '../support/processes.js';
import {
  startEverythingUpstream,
  startModernUpstream,
  startScriptedUpstream,
  type Upstream,
} from '../support/upstreams/index.js';

const canaryOf = (): string => randomBytes(48).toString('base64url');

/** A process may end between its listing and the look into it: what is gone holds nothing. */
function copiesIfThere(pid: number, needle: Buffer): number {
  try {
    return countCopies(pid, needle);
  } catch (error) {
    if (existsSync(`/proc/${pid}`)) throw error;
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

/** PostgreSQL has a process for each connection, all children of the one that its data directory names. */
function postgresProcesses(dataDirectory: string): number[] {
  const first = Number(readFileSync(`${dataDirectory}/postmaster.pid`, 'utf8').split('\n')[0]);
  return [first, ...childrenOf(first)];
}

/** Where PostgreSQL keeps its files, after it wrote everything out. */
async function flushedDataDirectory(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('checkpoint');
  const { rows } = await client.query<{ data_directory: string }>('show data_directory');
  await client.end();
  return rows[0]?.data_directory ?? '';
}

/** A process of its own sends it, as a person with curl would. Returns the status. */
function putByAnotherProcess(url: string, body: string): string {
  const script = `fetch(process.argv[1], { method: 'PUT', headers: { 'content-type': 'application/json' }, body: process.argv[2] })
    .then((answer) => console.log(answer.status))`;
  return execFileSync(process.execPath, ['-e', script, url, body]).toString().trim();
}

// Other processes' memory and PostgreSQL's files can be read on Linux, as root.
const canLook = process.platform === 'linux' && process.getuid?.() === 0 && realPartsAvailable();

describe.runIf(canLook)('a registration credential', () => {
  let lethe: Separate;
  let upstream: Upstream & { pid: number };
  const canary = canaryOf();
  const doorCanary = canaryOf();

  beforeAll(async () => {
    lethe = await startSeparate({ env: { LETHE_LOG_LEVEL: 'trace', LETHE_DOOR: 'on' }, natsTrace: true });
    upstream = await startEverythingUpstream({ token: [canary, doorCanary] });
  });

  afterAll(async () => {
    await upstream?.close();
    await lethe?.stop();
  });

  it('is in no file and in no memory of any service after its verification', async () => {
    verifies('credential.never-in-memory');
    verifies('credential.never-at-rest');
    const registered = await lethe.admin.register({ name: 'Everything', url: upstream.url }, canary);
    expect(registered.verification.state).toBe('verified');
    expect(upstream.received.some((request) => request.headers.authorization === `Bearer ${canary}`)).toBe(true);
    await expectNowhere(canary);
  });

  it('is as absent when it came in clear through the door', async () => {
    verifies('credential.door-leaves-nothing');
    const gateway = await lethe.admin.createGateway({ name: 'By the door', url: upstream.url });
    const verification = await lethe.admin.startVerification(gateway.id);
    const body = JSON.stringify({ scheme: 'bearer', token: doorCanary });
    expect(putByAnotherProcess(verification.slot?.doorUrl ?? '', body)).toBe('202');
    expect((await lethe.admin.finished(gateway.id, verification.id)).state).toBe('verified');
    await expectNowhere(doorCanary);
  });

  it('of an OAuth client leaves nothing either, nor one in a query: no secret, private key, access token', async () => {
    verifies('credential.query');
    verifies('credential.oauth');
    verifies('credential.never-in-memory');
    const clientSecret = canaryOf();
    const { privateKey: key, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const privateKey = key.export({ type: 'pkcs8', format: 'pem' });
    const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig' }] };
    const server = await startAuthorizationServer([
      { client_id: 'secret', client_secret: clientSecret, token_endpoint_auth_method: 'client_secret_basic' },
      {
        ...{ client_id: 'key', token_endpoint_auth_method: 'private_key_jwt', jwks },
        token_endpoint_auth_signing_alg: 'RS256',
      },
    ]);
    const protectedUpstream = await startModernUpstream({
      name: 'protected',
      accepts: ({ authorization = '' }) => server.issued.includes(authorization.replace(/^Bearer /, '')),
    });
    const scheme = 'oauth_client_credentials' as const;
    const common = { scheme, tokenUrl: server.tokenUrl };
    try {
      const parameters = [{ name: 'api_key', value: canaryOf() }];
      for (const credential of [
        { ...common, clientId: 'secret', clientSecret, parameters },
        { ...common, clientId: 'key', privateKey },
      ]) {
        const name = `OAuth ${credential.clientId}`;
        const gateway = await lethe.admin.createGateway({ name, url: protectedUpstream.url });
        expect(await lethe.admin.verify(gateway.id, credential)).toMatchObject({ state: 'verified' });
      }
      // By the door, too.
      const byDoor = await lethe.admin.createGateway({ name: 'OAuth by the door', url: protectedUpstream.url });
      const verification = await lethe.admin.startVerification(byDoor.id);
      const body = JSON.stringify({ ...common, clientId: 'secret', clientSecret });
      expect(putByAnotherProcess(verification.slot?.doorUrl ?? '', body)).toBe('202');
      expect((await lethe.admin.finished(byDoor.id, verification.id)).state).toBe('verified');
      expect(server.issued).toHaveLength(3);
      expect(protectedUpstream.received.some(({ path }) => path.endsWith(`=${parameters[0]?.value}`))).toBe(true);
      // The first lines and the last one are the same in many keys.
      const keyLines = privateKey.split('\n').slice(3, -3);
      // The search is for each piece of eight characters, so one search finds a piece of any of them.
      await expectNowhere([clientSecret, parameters[0]?.value, ...server.issued, ...keyLines].join(' '));
    } finally {
      await Promise.all([protectedUpstream.close(), server.close()]);
    }
  });

  it('is found by the same search in the child while that lives, and the child ends within a second', async () => {
    verifies('credential.child-ends');
    const held = canaryOf();
    const waiting: (() => void)[] = [];
    let isHeld = true;
    const slow = await startScriptedUpstream(async ({ replyError }) => {
      // After the failure of one era the handshake tries the other one.
      if (isHeld) await new Promise<void>((resolve) => waiting.push(resolve));
      replyError(500, { code: -32000, message: 'no' });
    });
    const gateway = await lethe.admin.createGateway({ name: 'Slow', url: slow.url });
    const verification = await lethe.admin.startVerification(gateway.id);
    await lethe.admin.putCredential(
      verification,
      await lethe.admin.seal(verification, { scheme: 'bearer', token: held }),
    );
    await until('the handshake to reach the upstream', () => (waiting.length > 0 ? true : undefined));
    const holders = childrenOf(lethe.connector.pid).filter((pid) => countCopies(pid, Buffer.from(held)) > 0);
    expect(holders).toHaveLength(1);
    const answeredAt = Date.now();
    isHeld = false;
    for (const answer of waiting) answer();
    await until(
      'the child to be gone',
      () => (childrenOf(lethe.connector.pid).includes(holders[0] ?? 0) ? undefined : true),
      5_000,
    );
    expect(Date.now() - answeredAt).toBeLessThan(1_000);
    await slow.close();
    await expectNowhere(held);
  });

  async function expectNowhere(secret: string): Promise<void> {
    const needle = Buffer.from(secret);
    const dataDirectory = await flushedDataDirectory(lethe.databaseUrl);
    const services = [lethe.registry, lethe.connector, ...lethe.proxies];
    const lasting = [...services, { name: 'nats-server', pid: lethe.nats.pid }];
    const database = postgresProcesses(dataDirectory);
    const passing = [...childrenOf(lethe.connector.pid), ...database];
    const memory = [
      ...lasting.map(({ name, pid }) => [name, countCopies(pid, needle)] as const),
      ...passing.map((pid) => [`process ${pid}`, copiesIfThere(pid, needle)] as const),
    ];
    const files = [
      lethe.home,
      lethe.nats.storeDir,
      dirname(lethe.nats.logFile),
      `${dataDirectory}/base`,
      `${dataDirectory}/pg_wal`,
    ].map((dir) => [dir, countCopiesInFiles(dir, needle)] as const);
    expect([...memory, ...files].filter(([, copies]) => copies > 0)).toEqual([]);
    expect(memory.length).toBeGreaterThan(8);
    // Its own workers, and at least one connection of the registry.
    expect(database.length).toBeGreaterThan(4);
  }
});
