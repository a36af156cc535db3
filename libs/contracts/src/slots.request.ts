import { IsIn, IsInt, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
import { COMPACT_JWE, COMPACT_JWS } from './compact-jose.js';
import { SUBJECTS } from './subjects.js';

/** Slots that one administrator may have reserved at the same time. Both the registry and the connector check this limit. */
export const MAX_RESERVED_PER_ADMINISTRATOR = 3;

/**
 * Why no slot was reserved. `order_refused`: not signed by a registry this connector trusts, expired, or malformed.
 * `bus_captured`: a stream stores what is sent to handshake subjects.
 */
export type NoSlotReason = 'empty' | 'too_many_lent' | 'administrator_limit' | 'order_refused' | 'bus_captured';

/** The reserved slot, or why there is none. */
export class ReserveSlotReply {
  @IsIn(['lent', 'no_slot'])
  status!: 'lent' | 'no_slot';

  @IsOptional()
  @IsIn(['empty', 'too_many_lent', 'administrator_limit', 'order_refused', 'bus_captured'])
  reason?: NoSlotReason;

  /** When a slot is given back, if a limit is reached. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(3_600)
  retryAfterSeconds?: number;

  /** `SlotOfferClaims`, signed by the connector. */
  @IsOptional()
  @Matches(COMPACT_JWS)
  offer?: string;
}

/** Reserves a slot with one connector. Connectors without a free slot are not in the queue group. */
export class ReserveSlot {
  static readonly subject = SUBJECTS.slotLend;
  static readonly queue = 'lethe-connectors';
  static readonly reply = ReserveSlotReply;

  /** `VerificationOrder`, signed by the registry. */
  @Matches(COMPACT_JWS)
  @MaxLength(96 * 1024)
  order!: string;
}

/** Whether the slot accepted the credential. */
export class OpenCredentialReply {
  /** `HandshakeReplyClaims`, signed by the connector. */
  @Matches(COMPACT_JWS)
  reply!: string;
}

/** Sends a sealed credential to its slot, on the subject `handshakeSubject(connector, slot)`. */
export class OpenCredential {
  static readonly subject = SUBJECTS.handshake;
  static readonly reply = OpenCredentialReply;

  @IsUUID()
  vid!: string;

  /** Compact JWE that only the slot can open. */
  @Matches(COMPACT_JWE)
  @MaxLength(16 * 1024)
  sealed!: string;
}

/** Whether there was something to cancel. */
export class CancelVerificationReply {
  @IsIn(['cancelled', 'gone'])
  status!: 'cancelled' | 'gone';
}

/** Ends the reservation or the handshake of a verification at once, on the subject `cancelSubject(connector)`. */
export class CancelVerification {
  static readonly subject = SUBJECTS.verificationCancel;
  static readonly reply = CancelVerificationReply;

  @IsUUID()
  vid!: string;

  @IsString()
  @MaxLength(128)
  slot!: string;
}
