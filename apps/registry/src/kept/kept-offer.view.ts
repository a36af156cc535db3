import type { Identity } from '@lethe/sealing';
import { ApiProperty } from '@nestjs/swagger';
import { KeptView } from '../gateways/kept.view.js';
import { ForgottenView } from './forgotten.view.js';

class RegistryKeyView {
  @ApiProperty() kid!: string;
  @ApiProperty({ description: 'JWK thumbprint (RFC 7638)' }) fingerprint!: string;
  @ApiProperty({ description: 'Ed25519 (RFC 8037)', type: 'object', additionalProperties: { type: 'string' } })
  jwk!: Identity['jwk'];
  @ApiProperty({ enum: ['active', 'retired'] }) state!: Identity['state'];
}

/** What to seal a credential for, so that proxies can keep it. */
export class KeptOfferView {
  @ApiProperty({
    description:
      'JWS of the registry, valid for ten minutes: gateway, URL, digest of headers and certificates, revisions, and the X25519 key ' +
      'of the proxies',
  })
  offer!: string;
  @ApiProperty({ description: 'JWK thumbprint (RFC 7638) of the key in the offer; compare it with the one you know' })
  fingerprint!: string;
  @ApiProperty({ type: [RegistryKeyView], description: 'The keys that may have signed the offer' })
  registry!: RegistryKeyView[];
}

/** Why nothing can be sealed for a gateway now, as codes of errors. */
export const NO_OFFER_REASONS = ['keeping_off', 'kept_key_missing', 'gateway_unverified'] as const;
/** One of `NO_OFFER_REASONS`. */
export type NoOfferReason = (typeof NO_OFFER_REASONS)[number];

class KeptProxyView {
  @ApiProperty() host!: string;
  @ApiProperty({ description: 'Whether it has applied what is kept now, or that nothing is' }) isCurrent!: boolean;
}

/** The kept credential of a gateway, and what the next one is sealed for. */
export class KeptCredentialView {
  @ApiProperty({ nullable: true, type: KeptView }) kept!: KeptView | null;
  @ApiProperty({ nullable: true, type: ForgottenView, description: 'The deletion after which nothing is kept' })
  forgotten!: ForgottenView | null;
  @ApiProperty({ type: [KeptProxyView], description: 'Live proxies that open kept credentials, one for each worker' })
  proxies!: KeptProxyView[];
  @ApiProperty({ nullable: true, type: KeptOfferView, description: 'Null for the reason in `refused`' })
  next!: KeptOfferView | null;
  @ApiProperty({ nullable: true, type: String, enum: [...NO_OFFER_REASONS, null] }) refused!: NoOfferReason | null;
}
