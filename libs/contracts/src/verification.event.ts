import {
  Equals,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import type { CatalogueCounts, CatalogueItem, SkippedItem, UpstreamFacts } from './catalogue.js';
import {
  type FailureFacts,
  HANDSHAKE_CODES,
  type HandshakeCode,
  TOKEN_ERRORS,
  type TokenError,
  UNREACHABLE_REASONS,
  type UnreachableReason,
} from './claims.js';
import { type AuthScheme, AUTH_SCHEMES } from './mapping.js';
import { COMPACT_JWS } from './compact-jose.js';
import { SUBJECTS } from './subjects.js';
import { AUTHORIZATION_PROBLEMS, type AuthorizationProblem } from './oauth.js';
import type { HandshakeWarning } from './warnings.js';

const SHA256_HEX = /^[0-9a-f]{64}$/;

/** One part of a catalogue that is too long for one message. `GatewayVerified` contains the rest of it. */
export class CataloguePart {
  static readonly subject = SUBJECTS.cataloguePart;

  @IsUUID() vid!: string;
  @IsUUID() gatewayId!: string;
  /** Number of the part, from 0. */
  @IsInt() @Min(0) @Max(10_000) n!: number;
  @IsInt() @Min(1) @Max(10_000) of!: number;
  @IsArray() items!: CatalogueItem[];
}

/**
 * A handshake found a catalogue. It is complete when all parts have arrived and all items together match the receipt's
 * digest. Published after the parts and after the slot's process has ended. Contains no credential.
 */
export class GatewayVerified {
  static readonly subject = SUBJECTS.gatewayVerified;

  @IsUUID() vid!: string;
  @IsUUID() gatewayId!: string;
  @IsInt() @Min(1) configRevision!: number;
  @IsInt() @Min(1) attempt!: number;
  /** Number of parts published before this event; 0 for most catalogues. */
  @IsInt() @Min(0) @Max(10_000) parts!: number;
  /** Empty if an older connector sends all items in parts. */
  @IsArray() items: CatalogueItem[] = [];
  @IsObject() facts!: UpstreamFacts;
  @IsObject() counts!: CatalogueCounts;
  @IsArray() skipped!: SkippedItem[];
  /** Empty if an older connector sends none. */
  @IsArray() warnings: HandshakeWarning[] = [];
  /** Why its facts about tokens are missing or incomplete, if they are. */
  @IsOptional() @IsIn(AUTHORIZATION_PROBLEMS) authorizationProblem?: AuthorizationProblem;
  @Matches(SHA256_HEX) digest!: string;
  @Matches(COMPACT_JWS) receipt!: string;
  @IsISO8601() startedAt!: string;
  @IsISO8601() finishedAt!: string;
  @IsInt() @Min(0) requests!: number;
}

/**
 * A handshake ended without a catalogue. Contains no message, header or body of the upstream: of these only a scheme of a
 * closed list, a time, and an address of the same server.
 */
export class GatewayVerificationFailed implements FailureFacts {
  static readonly subject = SUBJECTS.gatewayVerificationFailed;

  @IsUUID() vid!: string;
  @IsUUID() gatewayId!: string;
  @IsInt() @Min(1) configRevision!: number;
  @IsInt() @Min(1) attempt!: number;
  @IsIn(HANDSHAKE_CODES) code!: HandshakeCode;
  @IsOptional() @IsInt() @Min(100) @Max(599) httpStatus?: number;
  /** The known scheme that the `WWW-Authenticate` header of a 401 asks for. */
  @IsOptional() @IsIn(AUTH_SCHEMES) scheme?: AuthScheme;
  /** The 401 asks for a token that is bound to a key (RFC 9449), and for nothing else that is known. */
  @IsOptional() @Equals(true) wantsProof?: true;
  @IsOptional() @IsIn(UNREACHABLE_REASONS) why?: UnreachableReason;
  @IsOptional() @IsIn(TOKEN_ERRORS) tokenError?: TokenError;
  @IsOptional() @IsInt() @Min(0) @Max(3_600) retryAfterSeconds?: number;
  @IsOptional() @IsString() @MaxLength(2_048) registerUrl?: string;
  /** JSON pointer (RFC 6901) of the field that reflected the credential. */
  @IsOptional() @IsString() pointer?: string;
  @Matches(COMPACT_JWS) receipt!: string;
  @IsISO8601() startedAt!: string;
  @IsISO8601() finishedAt!: string;
  @IsInt() @Min(0) requests!: number;
}

/** An event whose last delivery failed. */
export class DeadLetter {
  static readonly subject = SUBJECTS.dead;

  @IsString() subject!: string;
  @IsString() consumer!: string;
  @IsString() id!: string;
  @IsISO8601() at!: string;
}
