import { ApiProperty } from '@nestjs/swagger';
import { ActorView } from '../admins/admin.view.js';
import type { Gateway } from './gateway.entity.js';
import type { KeptCredential } from './kept-credential.entity.js';

/**
 * Whether proxies can use a kept credential. `other_configuration`: URL, headers or certificates have changed since it was
 * sealed; `tampered`: something other than Lethe changed its row.
 */
export const KEPT_STATES = ['usable', 'ended', 'other_configuration', 'tampered'] as const;
type KeptState = (typeof KEPT_STATES)[number];

/** A kept credential that a gateway has. */
export interface KeptFacts {
  row: KeptCredential;
  isGenuine: boolean;
  /** When the upstream rejected it; undefined if not lately. */
  rejectedAt?: Date | undefined;
}

/** What is kept for a gateway, without the ciphertext. */
export class KeptView {
  @ApiProperty({ enum: KEPT_STATES, description: 'Only a `usable` one is sent; seal another one otherwise' })
  state!: KeptState;
  @ApiProperty({ type: 'integer' }) keptRevision!: number;
  @ApiProperty({ type: 'integer', description: 'The configuration that it was sealed for' }) configRevision!: number;
  @ApiProperty({ format: 'date-time', description: 'Proxies refuse it from then on' }) until!: string;
  @ApiProperty({
    nullable: true,
    type: String,
    format: 'date-time',
    description: 'When its upstream last rejected it; null if not in the last hour',
  })
  rejectedAt!: string | null;
  @ApiProperty({ type: ActorView }) by!: ActorView;
  @ApiProperty({ format: 'date-time' }) at!: string;
}

/** Converts a kept credential to its form in the admin API. */
export function toKeptView(
  { currentRevision }: Gateway,
  { row, isGenuine, rejectedAt }: KeptFacts,
  now: Date,
): KeptView {
  const { keptRevision, configRevision, expiresAt, keptBy, keptAt } = row;
  const isOther = configRevision !== currentRevision;
  const unused = isOther ? 'other_configuration' : expiresAt <= now ? 'ended' : 'usable';
  return {
    state: isGenuine ? unused : 'tampered',
    rejectedAt: rejectedAt?.toISOString() ?? null,
    ...{ keptRevision, configRevision, until: expiresAt.toISOString(), by: keptBy, at: keptAt.toISOString() },
  };
}
