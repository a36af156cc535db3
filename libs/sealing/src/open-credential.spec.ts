import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generateSlotKey, initTrust, loadTrust, openCredential, sealCredential, verifySlotOffer } from './index.js';

it('seals for an offer and opens in its slot', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lethe-trust-'));
  const now = new Date();
  await initTrust(dir, now);
  const trust = await loadTrust(dir);
  const key = await generateSlotKey();
  const nowSeconds = Math.floor(now.getTime() / 1000);
  const jws = await trust
    .connectorSigner()
    .sign(
      'slotOffer',
      {
        connector: 'c',
        slot: 's',
        kid: key.kid,
        jwk: key.publicJwk,
        aud: 'https://a.example/mcp',
        gatewayId: 'g',
        vid: 'v',
        exp: nowSeconds + 60,
      },
      now,
    );
  const offer = await verifySlotOffer(jws, trust.identities('connector'), nowSeconds);
  const sealed = await sealCredential(offer, { scheme: 'bearer', token: 'abcdefgh' });
  expect(await openCredential(sealed, key, { aud: 'https://a.example/mcp', vid: 'v', nowSeconds })).toEqual({
    scheme: 'bearer',
    token: 'abcdefgh',
  });
});
