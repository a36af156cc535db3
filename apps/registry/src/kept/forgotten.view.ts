import type { KeptDeletionClaims } from '@lethe/contracts';
import type { Trust } from '@lethe/sealing';
import { ApiProperty } from '@nestjs/swagger';
import { ActorView } from '../admins/admin.view.js';
import type { KeptCredential } from '../gateways/kept-credential.entity.js';

/** The last deletion of what was kept for a gateway. */
export class ForgottenView {
  @ApiProperty({ type: 'integer', description: 'Of the deletion: no proxy uses what is older' }) keptRevision!: number;
  @ApiProperty({ type: ActorView }) by!: ActorView;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({
    description: 'All of that in a JWS of the registry (`lethe-kept-deletion+jws`), with the id of the gateway',
  })
  receipt!: string;
}

/** What a deletion has deleted. */
export class DeletedCredentialView {
  @ApiProperty({ nullable: true, type: ForgottenView, description: 'Null if nothing was ever kept' })
  forgotten!: ForgottenView | null;
}

/** Converts the row of a deletion to its form in the admin API; null for any other one. */
export async function toForgotten(row: KeptCredential | null, trust: Trust): Promise<ForgottenView | null> {
  if (row === null || typeof row.sealed === 'string') return null;
  const { gatewayId, keptRevision, keptBy, keptAt } = row;
  const { kind, id, name } = keptBy;
  const claims: KeptDeletionClaims = { gatewayId, keptRevision, by: { kind, id, name }, at: keptAt.toISOString() };
  const receipt = await trust.registrySigner().sign('keptDeletion', claims, keptAt);
  return { keptRevision, by: keptBy, at: claims.at, receipt };
}
