import {
  type CatalogueCounts,
  DRIFT_SIGNS,
  type DriftSign,
  type PassthroughMapping,
  type Transport,
  type UpstreamFacts,
  type VerificationWarning,
} from '@lethe/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EraView, toEraViews, totalCounts } from './era.view.js';
import type { GatewayConfig } from './gateway-config.entity.js';
import type { SeenUpstream } from './seen-gateways.service.js';
import { LivenessView, toLivenessView } from './liveness.view.js';
import { MappingDto } from './gateway.dto.js';
import type { VerificationSummary } from './gateway-verifications.js';
import type { Gateway } from './gateway.entity.js';

/** A gateway with its configurations and verifications. */
export interface GatewayDetails extends VerificationSummary {
  gateway: Gateway;
  /** The serving configuration; before the first success, the pending one. */
  config: GatewayConfig;
  /** A changed configuration, while another one serves. */
  pending?: GatewayConfig;
  /** What proxies saw of its upstream. */
  seen: SeenUpstream | undefined;
}

/** The public fields of a configuration. */
export class ConfigView {
  @ApiProperty() url!: string;
  @ApiProperty() transport!: Transport;
  @ApiProperty({ type: [MappingDto] }) passthroughHeaders!: PassthroughMapping[];
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
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
  @ApiProperty() slug!: string;
  @ApiProperty({ nullable: true, type: String }) description!: string | null;
  @ApiProperty() tags!: string[];
  @ApiProperty() listing!: 'catalogue' | 'live';
  @ApiProperty() drift!: 'auto' | 'review';
  @ApiProperty({ nullable: true, type: String }) tlsCa!: string | null;
  @ApiProperty() enabled!: boolean;
  @ApiProperty({ enum: ['unverified', 'verified'] }) state!: 'unverified' | 'verified';
  @ApiProperty() configRevision!: number;
  @ApiProperty({ nullable: true, type: Number }) pendingRevision!: number | null;
  @ApiPropertyOptional() pending?: ConfigView;
  @ApiProperty({ nullable: true, type: Object }) counts!: CatalogueCounts | null;
  @ApiProperty({ nullable: true, type: Object }) facts!: UpstreamFacts | null;
  /** Every era in which the upstream was verified, the main one first. */
  @ApiProperty({ type: [EraView] }) eras!: EraView[];
  /** What to know about the verification that serves, although it succeeded. */
  @ApiProperty({ type: [Object] }) warnings!: VerificationWarning[];
  @ApiProperty({ nullable: true, type: Object }) lastVerification!: { id: string; state: string; code?: string } | null;
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
  /** Why it waits: `drift` or `hidden_text`. */
  @ApiProperty({ nullable: true, type: String }) reviewReason!: string | null;
  @ApiProperty() createdAt!: string;
  @ApiProperty() updatedAt!: string;
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
  const { gateway, config, pending, serving, last } = details;
  const { id, name, slug, tags, listing, drift, enabled } = gateway;
  return {
    id,
    name,
    slug,
    description: gateway.description ?? null,
    url: config.url,
    transport: config.transport,
    passthroughHeaders: config.mappings,
    tags,
    listing,
    drift,
    enabled,
    tlsCa: config.tlsCa ?? null,
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
