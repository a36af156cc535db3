import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { startAuthorizationServer } from '../support/authorization-server.js';
import { copiesInMemory, needleFor } from '../support/memory-scan.js';
import { canLook, childrenOf, searchServices } from '../support/leak/search-services.js';
import { type Separate, startSeparate } from '../support/separate.js';
import { until } from '../support/processes.js';
import {
  startEverythingUpstream,
  startModernUpstream,
  startScriptedUpstream,
  type Upstream,
} from '../support/upstreams/index.js';

const canaryOf = (): string => randomBytes(48).toString('base64url');

/** A process of its own sends it, as a person with curl would. Returns the status. */
function putByAnotherProcess(url: string, body: string): string {
  const script = `fetch(process.argv[1], { method: 'PUT', headers: { 'content-type': 'application/json' }, body: process.argv[2] })
    .then((answer) => console.log(answer.status))`;
  return execFileSync(process.execPath, ['-e', script, url, body]).toString().trim();
}

describe.runIf(canLook)('a registration credential', { timeout: 180_000 }, () => {
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
      await expectNowhere(clientSecret, parameters[0]?.value ?? '', ...server.issued, ...keyLines);
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
    const holders = childrenOf(lethe.connector.pid).filter((pid) => copiesInMemory(pid, needleFor(held)) > 0);
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

  async function expectNowhere(...secrets: string[]): Promise<void> {
    const { found, processes, database } = await searchServices(lethe, needleFor(...secrets));
    expect(found).toEqual([]);
    expect(processes).toBeGreaterThan(8);
    // Its own workers, and at least one connection of the registry.
    expect(database).toBeGreaterThan(4);
  }
});
