import type { KeptEntry, ManifestGateway } from '@lethe/contracts';
import { sealKept, targetDigest, type Trust } from '@lethe/sealing';
import type { KeptState } from './random-servers.js';

/** The value of the kept credential: nothing else that is sent has it. */
export const KEPT_VALUE = 'KEPT-OF-ADMINISTRATORS';
const CREDENTIAL = { scheme: 'headers' as const, headers: [{ name: 'X-Kept', value: KEPT_VALUE }] };
const MONTH_MS = 31 * 86_400_000;

/** What the bus has for a gateway in a state; undefined for none. */
export async function keptEntry(
  trust: Trust,
  { id: gatewayId, url, mappings, configRevision }: ManifestGateway,
  state: KeptState,
): Promise<KeptEntry | undefined> {
  if (state === 'once' || state === 'unknown') return undefined;
  const entry = { gatewayId, keptRevision: 1, revision: 1 };
  if (state === 'forgotten' || state === 'forgetting') return { ...entry, sealed: null };
  const { kid = '', jwk } = trust.keptIdentity() ?? {};
  if (!jwk) throw new Error('no key for kept credentials');
  const target = { gatewayId, url, digest: targetDigest({ mappings }), configRevision };
  const changed = state === 'changed' ? { configRevision: configRevision + 1 } : {};
  const now = new Date(Date.now() - (state === 'expired' ? MONTH_MS : 0));
  const sealed = await sealKept({ ...target, ...changed, keptRevision: 1, kid, jwk, exp: 0 }, CREDENTIAL, { now });
  return { ...entry, sealed };
}
