import { generateSlotKey, openCredential, sealCredential } from '@lethe/sealing';

const AUD = 'http://warm-up.invalid/mcp';
const VID = '00000000-0000-4000-8000-000000000000';

/** Opens an envelope with a key of its own, which is dropped: the slot's key opens one envelope only. */
export async function warmUpOpening(): Promise<void> {
  const key = await generateSlotKey();
  const nowSeconds = Math.floor(Date.now() / 1000);
  const bound = { aud: AUD, vid: VID };
  const slot = { connector: '', slot: '', gatewayId: VID, kid: key.kid, jwk: key.publicJwk };
  const sealed = await sealCredential({ ...slot, ...bound, exp: nowSeconds + 60 }, { scheme: 'bearer', token: VID });
  await openCredential(sealed, key, { ...bound, nowSeconds });
}
