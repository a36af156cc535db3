import { IsIn, IsOptional, IsUUID, Matches, MaxLength } from 'class-validator';
import { COMPACT_JWE, COMPACT_JWS } from './compact-jose.js';
import { SUBJECTS } from './subjects.js';

/** Slots that one administrator may have reserved at the same time. The registry checks first, the connector decides. */
export const MAX_RESERVED_PER_ADMINISTRATOR = 3;

/**
 * Why no slot was reserved. `order_refused`: not signed by a registry this connector trusts, expired, or malformed.
 * `bus_captured`: a stream stores what is sent to handshake subjects.
 */
export type NoSlotReason = 'empty' | 'too_many_lent' | 'administrator_limit' | 'order_refused' | 'bus_captured';

export class ReserveSlotReply {
  @IsIn(['lent', 'no_slot'])
  status!: 'lent' | 'no_slot';

  @IsOptional()
  @IsIn(['empty', 'too_many_lent', 'administrator_limit', 'order_refused', 'bus_captured'])
  reason?: NoSlotReason;

  /** Connector-signed `SlotOfferClaims`. */
  @IsOptional()
  @Matches(COMPACT_JWS)
  offer?: string;
}

/** Asks the connectors for a slot. A connector without a free slot leaves the queue group. */
export class ReserveSlot {
  static readonly subject = SUBJECTS.slotLend;
  static readonly queue = 'lethe-connectors';
  static readonly reply = ReserveSlotReply;

  /** Registry-signed `VerificationOrder`. */
  @Matches(COMPACT_JWS)
  @MaxLength(96 * 1024)
  order!: string;
}

export class OpenCredentialReply {
  /** Connector-signed `HandshakeReplyClaims`. */
  @Matches(COMPACT_JWS)
  reply!: string;
}

/** Carries a sealed credential to its slot; sent to `handshakeSubject(connector, slot)`. */
export class OpenCredential {
  static readonly subject = SUBJECTS.handshake;
  static readonly reply = OpenCredentialReply;

  @IsUUID()
  vid!: string;

  /** Compact JWE; opaque to everybody but the slot. */
  @Matches(COMPACT_JWE)
  @MaxLength(16 * 1024)
  sealed!: string;
}
