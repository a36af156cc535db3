import {
  AUTH_SCHEMES,
  type AuthScheme,
  type CatalogueCounts,
  type Era,
  ITEM_KINDS,
  type ItemKind,
  type OAuthFacts,
  type SkippedItem,
  TOKEN_ERRORS,
  type TokenError,
  type UpstreamFacts,
  UNREACHABLE_REASONS,
  type UnreachableReason,
  type VerificationWarning,
} from '@lethe/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { CatalogueDiff, ItemRef } from '../catalogue/catalogue-diff.js';
import { REVIEW_REASONS, type ReviewReason } from '../changes/decide-changes.js';
import { EraView, toEraViews, totalCounts } from '../gateways/era.view.js';
import { CountsView, FactsView, OAuthFactsView, VerificationWarningView } from '../gateways/found.view.js';
import type { ReservedSlot } from './slot-reservation.service.js';
import { type Verification, stateOf, VERIFICATION_STATES, type VerificationState } from './verification.entity.js';

class ReviewView {
  @ApiProperty({ enum: REVIEW_REASONS }) why!: ReviewReason;
  /** What the upstream says of itself, in each era. */
  @ApiProperty({ nullable: true, type: FactsView }) facts!: UpstreamFacts | null;
  /** GET this for the items that wait. */
  @ApiProperty() items!: string;
  /** GET this for what differs from what serves, with both definitions. */
  @ApiProperty() diff!: string;
  /** POST this to make what waits the gateway's catalogue, all of it or some items. */
  @ApiProperty() apply!: string;
  /** POST this to reject it. */
  @ApiProperty() reject!: string;
}

class SlotView {
  /** Signed by the connector. Trust only its payload. */
  @ApiProperty() offer!: string;
  @ApiProperty({ nullable: true, type: String }) doorUrl!: string | null;
}

class SkippedItemView implements SkippedItem {
  @ApiProperty({ enum: ITEM_KINDS }) kind!: ItemKind;
  @ApiProperty({ type: 'integer' }) index!: number;
  @ApiPropertyOptional({ enum: ['legacy', 'modern'] }) era?: Era;
  @ApiProperty({ enum: ['malformed', 'name_illegal', 'duplicate', 'too_deep', 'too_large', 'too_many'] })
  reason!: SkippedItem['reason'];
}

class ItemRefView implements ItemRef {
  @ApiProperty({ enum: ITEM_KINDS }) kind!: ItemKind;
  @ApiProperty({ description: "The upstream's own name, URI or URI template" }) own!: string;
}

class CatalogueDiffView implements CatalogueDiff {
  @ApiProperty({ type: [ItemRefView] }) added!: ItemRef[];
  @ApiProperty({ type: [ItemRefView] }) changed!: ItemRef[];
  @ApiProperty({ type: [ItemRefView] }) removed!: ItemRef[];
}

/** A verification as the admin API shows it. Values that are not known yet are absent. */
export class VerificationView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uuid' }) gatewayId!: string;
  @ApiProperty({ type: 'integer' }) attempt!: number;
  @ApiProperty({ type: 'integer' }) configRevision!: number;
  @ApiProperty({ enum: VERIFICATION_STATES }) state!: VerificationState;
  @ApiProperty({ format: 'date-time' }) deadline!: string;
  @ApiPropertyOptional({ type: SlotView }) slot?: SlotView;
  @ApiPropertyOptional() code?: string;
  @ApiPropertyOptional({ type: 'integer' }) httpStatus?: number;
  /** The scheme that the upstream asks for, if its 401 names a known one. */
  @ApiPropertyOptional({ enum: AUTH_SCHEMES }) scheme?: AuthScheme;
  /** The upstream asks for a token that is bound to a key (DPoP), which a verification can't prove to have. */
  @ApiPropertyOptional() wantsProof?: boolean;
  /** With the codes `upstream_unreachable` and `token_endpoint_unreachable`: why no connection could be made. */
  @ApiPropertyOptional({ enum: UNREACHABLE_REASONS }) why?: UnreachableReason;
  /** With the code `token_endpoint_refused`: the error that the endpoint names (RFC 6749, section 5.2). */
  @ApiPropertyOptional({ enum: TOKEN_ERRORS }) tokenError?: TokenError;
  /** With an HTTP status of 429 or 503: how long the upstream asks to wait, at most an hour. */
  @ApiPropertyOptional({ type: 'integer' }) retryAfterSeconds?: number;
  /** With `upstream_redirected`: the address of the same server to register instead. */
  @ApiPropertyOptional() registerUrl?: string;
  @ApiPropertyOptional() pointer?: string;
  @ApiPropertyOptional({ format: 'date-time' }) startedAt?: string;
  @ApiPropertyOptional({ format: 'date-time' }) finishedAt?: string;
  @ApiPropertyOptional({ type: 'integer' }) requests?: number;
  @ApiPropertyOptional() era?: string;
  @ApiPropertyOptional() protocolVersion?: string;
  @ApiPropertyOptional() transport?: string;
  @ApiPropertyOptional() sessionful?: boolean;
  @ApiPropertyOptional() listScope?: string;
  /** How callers get tokens for the upstream; absent if it names no authorization server. */
  @ApiPropertyOptional({ type: OAuthFactsView }) oauth?: OAuthFacts;
  /** Every era in which the upstream was verified, the main one first. */
  @ApiPropertyOptional({ type: [EraView] }) eras?: EraView[];
  @ApiPropertyOptional({ type: CountsView }) counts?: CatalogueCounts;
  @ApiPropertyOptional({ type: [SkippedItemView] }) skipped?: SkippedItem[];
  /** What to know although the verification succeeded. */
  @ApiPropertyOptional({ type: [VerificationWarningView] }) warnings?: VerificationWarning[];
  @ApiPropertyOptional() digest?: string;
  @ApiPropertyOptional({ type: CatalogueDiffView }) diff?: CatalogueDiff;
  /** The verification that served when this result came, with which it was compared. */
  @ApiPropertyOptional({ format: 'uuid' }) comparedWith?: string;
  /** Set while the result waits for a review. Until it is applied, clients get what was verified before, or nothing. */
  @ApiPropertyOptional({ type: ReviewView }) review?: ReviewView;
  @ApiPropertyOptional() receipt?: string;
}

function toReviewView({ id, gatewayId, review, facts }: Verification): ReviewView | null {
  const path = `/v1/gateways/${gatewayId}/verifications/${id}`;
  if (!review) return null;
  const links = { items: `${path}/items`, diff: `${path}/diff`, apply: `${path}/apply`, reject: `${path}/reject` };
  return { why: review, facts: facts ?? null, ...links };
}

/** Omits members that are null. */
function known<T extends object>(members: { [K in keyof T]: T[K] | null }): Partial<T> {
  const entries = Object.entries(members).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}

/** Converts a verification, with its slot while it has one, to its form in the admin API. */
export function toVerificationView(verification: Verification, slot?: ReservedSlot): VerificationView {
  const { id, gatewayId, attempt, configRevision, facts, failure } = verification;
  const { state, code } = stateOf(verification);
  const { httpStatus, scheme, pointer, requests, counts, skipped, warnings, digest, diff, receipt } = verification;
  return {
    id,
    gatewayId,
    attempt,
    configRevision,
    state,
    // With a door, the row's deadline is later than the end of the slot, but a credential is accepted only until then.
    deadline: (slot ? new Date(slot.claims.exp * 1000) : verification.deadline).toISOString(),
    ...(slot && { slot: { offer: slot.offer, doorUrl: slot.claims.doorUrl ?? null } }),
    ...known({
      code,
      httpStatus,
      scheme,
      ...failure,
      pointer,
      requests,
      eras: facts && toEraViews(facts, counts),
      counts: counts && totalCounts(counts),
      skipped,
      warnings,
      digest,
      diff,
      comparedWith: verification.baseVid,
      review: toReviewView(verification),
      receipt,
      startedAt: verification.startedAt?.toISOString(),
      finishedAt: verification.finishedAt?.toISOString(),
      era: facts?.era,
      protocolVersion: facts?.protocolVersion,
      transport: facts?.transport,
      sessionful: facts?.sessionful,
      listScope: facts?.listScope,
      oauth: facts?.oauth,
    }),
  };
}
