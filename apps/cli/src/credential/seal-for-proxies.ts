import { type Credential, KEPT_CREDENTIAL, type KeptOfferClaims } from '@lethe/contracts';
import {
  fingerprintOf,
  type Identity,
  isPublicJwk,
  sealKept,
  sealingThumbprint,
  SealingError,
  targetDigest,
  verifyKeptOffer,
} from '@lethe/sealing';
import { CliError } from '../errors/cli.error.js';
import type { KeptOfferResponse } from '../registry/kept-responses.js';
import { SWITCH_KEEPING_ON } from '../registry/registry-error.js';
import type { GatewayResponse } from '../registry/responses.js';

const DAY_MS = 86_400_000;

/** An offer that is for the gateway that the user means, and the fingerprint of its key. */
export interface CheckedOffer {
  claims: KeptOfferClaims;
  fingerprint: string;
}

/**
 * Checks that the registry signed the offer for exactly this gateway: its URL, headers and certificates as they were shown.
 * @throws CliError of the kind `untrusted`; `refused` if there is no offer
 */
export async function checkedOffer(
  { next, refused }: KeptOfferResponse,
  gateway: GatewayResponse,
  now: Date,
): Promise<CheckedOffer> {
  if (!next) throw noOffer(refused ?? 'none', gateway.slug);
  const claims = await verifyKeptOffer(next.offer, identitiesOf(next.registry), now).catch(notTrusted);
  const digest = targetDigest({ mappings: gateway.passthroughHeaders, tlsCa: gateway.tlsCa });
  const isIntended = claims.gatewayId === gateway.id && claims.url === gateway.url && claims.digest === digest;
  if (!isIntended)
    throw new CliError('untrusted', 'offer_for_another', 'The registry offers to seal for another upstream');
  return { claims, fingerprint: sealingThumbprint(claims.jwk) };
}

/**
 * How many days a credential is kept that ends then.
 * @throws CliError `until_illegal`
 */
export function daysUntil(until: string | undefined, now: Date): number {
  if (until === undefined) return KEPT_CREDENTIAL.defaultDays;
  const days = (Date.parse(until) - now.getTime()) / DAY_MS;
  if (days > 0 && days <= KEPT_CREDENTIAL.maxDays) return days;
  throw new CliError(
    'usage',
    'until_illegal',
    `--until is in the future, and at most ${KEPT_CREDENTIAL.maxDays} days ahead`,
  );
}

/** Seals a credential for the key of a checked offer. @throws CliError of the kind `untrusted` */
export function sealForProxies(
  { claims }: CheckedOffer,
  credential: Credential,
  now: Date,
  days: number,
): Promise<string> {
  return sealKept(claims, credential, { now, days }).catch(notTrusted);
}

function identitiesOf(keys: NonNullable<KeptOfferResponse['next']>['registry']): Identity[] {
  return keys.map(({ kid, fingerprint, jwk, state }) => {
    if (!isPublicJwk(jwk) || fingerprintOf(jwk) !== fingerprint) {
      throw new CliError('untrusted', 'fingerprint_wrong', "The registry's key does not match its fingerprint");
    }
    return { kid, fingerprint, jwk, state };
  });
}

const NO_OFFER: Record<string, [text: string, todo: (slug: string) => string]> = {
  keeping_off: ['This deployment keeps no credentials', () => SWITCH_KEEPING_ON],
  kept_key_missing: [
    'There is no key yet to seal it to',
    () => 'On the machine of the registry: lethe trust rotate kept',
  ],
  gateway_unverified: ['This gateway has not been verified yet', (slug) => `Verify it first: lethe verify ${slug}`],
};

function noOffer(code: string, slug: string): CliError {
  const [text, todo] = NO_OFFER[code] ?? ['The registry offers no key to seal it to', () => 'Look at its log.'];
  return new CliError('refused', code, text, [todo(slug)]);
}

function notTrusted(error: unknown): never {
  if (!(error instanceof SealingError)) throw error;
  const { code, message } = error;
  const notes = [message, ...(code === 'expired' ? ['Check the clock of this machine.'] : [])];
  throw new CliError('untrusted', `offer_${code}`, 'The offer of the registry is not trusted', notes);
}
