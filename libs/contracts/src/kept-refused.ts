import { IsIn, IsInt, IsISO8601, IsUUID, Matches, Min } from 'class-validator';
import { SUBJECTS } from './subjects.js';

/**
 * Why a proxy does not use a kept credential, where somebody should know. `entry_unsigned`, `manifest_unsigned`: no registry
 * signed what is on the bus in its place, or in that of a virtual server that uses it; `entry_older`, `manifest_older`: one
 * did, before what is known. The others are about the ciphertext.
 */
export const KEPT_REFUSALS = [
  'kept_unbound',
  'kept_key_unknown',
  'envelope_invalid',
  'envelope_expired',
  'credential_malformed',
  'entry_unsigned',
  'entry_older',
  'manifest_unsigned',
  'manifest_older',
] as const;
/** One of `KEPT_REFUSALS`. */
export type KeptRefusalCode = (typeof KEPT_REFUSALS)[number];

/**
 * A proxy does not use a kept credential, or what was written in its place: published once by each worker, and again each hour
 * while it lasts.
 */
export class KeptCredentialRefused {
  static readonly subject = SUBJECTS.keptRefused;

  @IsUUID() gatewayId!: string;
  /** Of the ciphertext; where an entry or a manifest was rejected, of what the proxy has instead, 0 for nothing. */
  @IsInt() @Min(0) keptRevision!: number;
  @IsIn(KEPT_REFUSALS) code!: KeptRefusalCode;
  @IsISO8601() at!: string;
  /** Id of the replica, as in `RoutesApplied`. */
  @Matches(/^[\x21-\x7e]{1,64}$/) proxy!: string;
}
