import {
  MAPPING_SCHEMES,
  type MappingScheme,
  type CatalogueCounts,
  CREDENTIAL_LIFES,
  type CredentialLife,
  DRIFT_SIGNS,
  type DriftSign,
  type GatewayLimits,
  type OAuthClient,
  type PassthroughMapping,
  type Transport,
  type UpstreamFacts,
  type VerificationWarning,
} from '@lethe/contracts';
import { legalTags } from '@lethe/mcp';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EraView, toEraViews, totalCounts } from './era.view.js';
import { CountsView, FactsView, VerificationWarningView } from './found.view.js';
import type { GatewayConfig } from './gateway-config.entity.js';
import { GatewayLimitsDto, ItemTagsDto, OAuthClientDto } from './gateway.dto.js';
import type { ItemTags } from './item-tags.js';
import { type KeptFacts, KeptView, toKeptView } from './kept.view.js';
import { LivenessView, toLivenessView } from './liveness.view.js';
import type { SeenUpstream } from './seen-gateways.service.js';
import type { VerificationSummary } from './gateway-verifications.js';
import type { Gateway } from './gateway.entity.js';

/** A gateway with its configurations and verifications. */
export interface GatewayDetails extends VerificationSummary {
  gateway: Gateway;
  /** The serving configuration; before the first success, the pending one. */
  config: GatewayConfig;
  /** A changed configuration, while another one serves. */
  pending?: GatewayConfig;
  /** The credential that proxies keep for it; undefined for none. */
  kept: KeptFacts | undefined;
  /** What proxies saw of its upstream. */
  seen: SeenUpstream | undefined;
}

class QueryTargetView {
  @ApiProperty() query!: string;
}

class MappingView implements PassthroughMapping {
  @ApiProperty() header!: string;
  @ApiPropertyOptional() required?: boolean;
  @ApiPropertyOptional({ enum: MAPPING_SCHEMES }) scheme?: MappingScheme;
  @ApiPropertyOptional({ type: QueryTargetView }) to?: QueryTargetView;
}

class LastVerificationView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ description: 'As `state` of the verification' }) state!: string;
  @ApiPropertyOptional() code?: string;
}

/** The public fields of a configuration. */
export class ConfigView {
  @ApiProperty() url!: string;
  @ApiProperty({ enum: ['auto', 'streamable-http', 'sse'] }) transport!: Transport;
  @ApiProperty({ type: [MappingView] }) passthroughHeaders!: PassthroughMapping[];
}

class ReviewPendingView {
  @ApiProperty({ type: 'integer' }) added!: number;
  @ApiProperty({ type: 'integer' }) changed!: number;
  @ApiProperty({ type: 'integer' }) removed!: number;
}

class RejectedView {
  @ApiProperty({ format: 'uuid' }) verification!: string;
  @ApiProperty({ type: 'integer' }) changes!: number;
}

class DriftSuspectedView {
  @ApiProperty({ format: 'date-time' }) since!: string;
  @ApiProperty({
    enum: DRIFT_SIGNS,
    description:
      '`list_changed`: the upstream announced a change; `unknown_item`: it does not know an item that is served',
  })
  why!: DriftSign;
}

/** A gateway as the admin API shows it. */
export class GatewayView extends ConfigView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty() slug!: string;
  @ApiProperty({ nullable: true, type: String }) description!: string | null;
  @ApiProperty({ type: [String] }) tags!: string[];
  @ApiProperty({ type: [ItemTagsDto] }) itemTags!: ItemTags[];
  @ApiProperty({ enum: ['catalogue', 'live'] }) listing!: 'catalogue' | 'live';
  @ApiProperty({ enum: ['auto', 'review'] }) drift!: 'auto' | 'review';
  @ApiProperty({ nullable: true, type: String }) tlsCa!: string | null;
  @ApiProperty() enabled!: boolean;
  @ApiProperty() trustHints!: boolean;
  @ApiProperty({ type: GatewayLimitsDto, nullable: true }) limits!: GatewayLimits | null;
  @ApiProperty({ type: OAuthClientDto, nullable: true, description: 'By which people log in for it' })
  oauthClient!: OAuthClient | null;
  @ApiProperty({
    enum: CREDENTIAL_LIFES,
    description: '`kept`: proxies keep a credential for calls; `once`: it was used for the verification alone',
  })
  credential!: CredentialLife;
  @ApiProperty({ nullable: true, type: KeptView }) kept!: KeptView | null;
  @ApiProperty({ enum: ['unverified', 'verified'] }) state!: 'unverified' | 'verified';
  @ApiProperty({ type: 'integer' }) configRevision!: number;
  @ApiProperty({ nullable: true, type: 'integer' }) pendingRevision!: number | null;
  @ApiPropertyOptional({ type: ConfigView }) pending?: ConfigView;
  @ApiProperty({ nullable: true, type: CountsView }) counts!: CatalogueCounts | null;
  @ApiProperty({ nullable: true, type: FactsView }) facts!: UpstreamFacts | null;
  /** Every era in which the upstream was verified, the main one first. */
  @ApiProperty({ type: [EraView] }) eras!: EraView[];
  /** What to know about the verification that serves, although it succeeded. */
  @ApiProperty({ type: [VerificationWarningView] }) warnings!: VerificationWarning[];
  @ApiProperty({ nullable: true, type: LastVerificationView }) lastVerification!: LastVerificationView | null;
  /** The verification whose changes wait for `apply` or `reject`. */
  @ApiProperty({ nullable: true, type: String }) reviewVerification!: string | null;
  @ApiProperty({ nullable: true, type: ReviewPendingView, description: 'How many changes wait for a review' })
  reviewPending!: ReviewPendingView | null;
  @ApiProperty({
    nullable: true,
    type: RejectedView,
    description: 'Changes of the newest result that were rejected, and are not served',
  })
  rejected!: RejectedView | null;
  @ApiProperty({
    nullable: true,
    type: DriftSuspectedView,
    description: 'Proxies saw that the items may have changed since the last verification: verify again',
  })
  driftSuspected!: DriftSuspectedView | null;
  @ApiProperty({ type: LivenessView, description: 'What calls of clients show. It removes nothing' })
  liveness!: LivenessView;
  /** Why it waits: `drift`, `hidden_text` or `authorization_server_changed`. */
  @ApiProperty({ nullable: true, type: String }) reviewReason!: string | null;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ format: 'date-time' }) updatedAt!: string;
}

function toConfigView({ url, transport, mappings }: GatewayConfig): ConfigView {
  return { url, transport, passthroughHeaders: mappings };
}

function toLastVerification(last: VerificationSummary['last']): GatewayView['lastVerification'] {
  if (last === undefined) return null;
  return { id: last.id, state: last.state, ...(last.code !== null && { code: last.code }) };
}

/** What the verification that serves has found. */
function toFound(serving: VerificationSummary['serving']): Pick<GatewayView, 'counts' | 'facts' | 'eras' | 'warnings'> {
  const { counts = null, facts = null, warnings = [] } = serving ?? {};
  return { counts: counts && totalCounts(counts), facts, eras: facts ? toEraViews(facts, counts) : [], warnings };
}

function toReview({
  gateway,
  review,
  reviewCounts,
}: GatewayDetails): Pick<GatewayView, 'reviewVerification' | 'reviewReason' | 'reviewPending' | 'rejected'> {
  const { rejected = 0, ...waiting } = reviewCounts ?? { added: 0, changed: 0, removed: 0 };
  return {
    reviewVerification: review === undefined ? null : (gateway.reviewVid ?? null),
    reviewReason: review ?? null,
    reviewPending: review === undefined ? null : waiting,
    rejected: gateway.reviewVid && rejected > 0 ? { verification: gateway.reviewVid, changes: rejected } : null,
  };
}

function toSuspicion({ driftSuspectedAt, driftSuspectedBy }: Gateway): DriftSuspectedView | null {
  return driftSuspectedAt && driftSuspectedBy ? { since: driftSuspectedAt.toISOString(), why: driftSuspectedBy } : null;
}

/** Converts a gateway to its form in the admin API. */
export function toGatewayView(details: GatewayDetails): GatewayView {
  const { gateway, config, pending, serving, last, kept } = details;
  const { id, name, slug, itemTags, listing, drift, enabled, trustHints } = gateway;
  return {
    id,
    name,
    slug,
    description: gateway.description ?? null,
    url: config.url,
    transport: config.transport,
    passthroughHeaders: config.mappings,
    tags: legalTags(gateway.tags),
    itemTags,
    listing,
    drift,
    enabled,
    trustHints,
    limits: gateway.limits ?? null,
    oauthClient: gateway.oauthClient ?? null,
    tlsCa: config.tlsCa ?? null,
    credential: kept === undefined ? 'once' : 'kept',
    kept: kept === undefined ? null : toKeptView(gateway, kept, new Date()),
    state: serving === undefined ? 'unverified' : 'verified',
    configRevision: config.revision,
    pendingRevision: pending?.revision ?? null,
    ...(pending !== undefined && { pending: toConfigView(pending) }),
    ...toFound(serving),
    lastVerification: toLastVerification(last),
    ...toReview(details),
    driftSuspected: toSuspicion(gateway),
    liveness: toLivenessView(details.seen),
    createdAt: gateway.createdAt.toISOString(),
    updatedAt: gateway.updatedAt.toISOString(),
  };
}
