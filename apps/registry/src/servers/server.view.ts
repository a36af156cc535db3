import {
  type Grant,
  ITEM_KINDS,
  type ItemKind,
  type MissingCredential,
  REJECTED_CREDENTIAL,
  type RejectedCredential,
  SERVER_ERAS,
  type ServerAccess,
  type ServerEras,
  type ServerLimits,
} from '@lethe/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CredentialUseDto, GrantDto, ServerLimitsDto } from './grant.dto.js';
import type { HeaderWarning } from './header-budget.js';
import { ToolHintsDto } from './items.dto.js';
import type { AssignedName } from './name-items.js';
import { ACCESS_SCHEMA } from './is-access.js';
import {
  type GatewayCredentialUse,
  type IncludeRule,
  type ItemPick,
  LEFT_OUT_REASONS,
  type LeftOut,
  type LeftOutReason,
  type VirtualServer,
} from './server.entity.js';
import { CURATION_WARNINGS, type CurationWarning } from './curation-warnings.js';
import { withSlugs } from './stored-grants.js';
import type { ToolHints } from './tool-hints.js';

/** A server with its exposed names. */
export interface ServerDetails {
  server: VirtualServer;
  names: AssignedName[];
  /** Ids of the gateways that it has now, by name or by a tag. */
  members: string[];
  /** Slugs of gateways by id, deleted gateways included. */
  slugs: Map<string, string>;
  /** The tags of an item in this server. */
  tagsOf: (item: Pick<AssignedName, 'gatewayId' | 'kind' | 'own'>) => string[];
  warnings: HeaderWarning[];
  curationWarnings: CurationWarning[];
}

class ExposedView {
  @ApiProperty({ enum: ITEM_KINDS }) kind!: ItemKind;
  @ApiProperty() exposed!: string;
  @ApiProperty({ description: 'Slug' }) gateway!: string;
  @ApiProperty() own!: string;
  @ApiProperty({ type: [String], description: 'Of `items`, or else of its gateway' }) tags!: string[];
}

class LeftOutView {
  @ApiPropertyOptional({ enum: ITEM_KINDS, description: 'Absent when the whole gateway was left out' }) kind?: ItemKind;
  @ApiProperty() gateway!: string;
  @ApiPropertyOptional() own?: string;
  @ApiProperty({ enum: LEFT_OUT_REASONS }) reason!: LeftOutReason;
}

class LostView {
  /** Slug. */
  @ApiProperty() gateway!: string;
  @ApiProperty() kind!: ItemKind;
  @ApiProperty({ description: 'Its exposed name, which stays its own: it has it again when it returns' }) name!: string;
  @ApiProperty({ description: "The upstream's own name of it" }) own!: string;
  @ApiProperty({ format: 'date-time' }) since!: string;
}

class WarningView implements HeaderWarning {
  @ApiProperty({ enum: ['headers_over_limit'] }) code!: HeaderWarning['code'];
  @ApiProperty({ type: 'integer', description: 'Passthrough headers of all gateways' }) headers!: number;
  @ApiProperty({ description: 'All headers of a request together, with 4 KiB for each credential' }) needsKib!: number;
  @ApiProperty({ type: 'integer' }) limitKib!: number;
  @ApiProperty({ enum: ['LETHE_MAX_HEADER_KIB', 'LETHE_FRONT_HEADER_KIB'] }) setting!: HeaderWarning['setting'];
}

class CurationWarningView {
  @ApiProperty({
    enum: CURATION_WARNINGS,
    description:
      '`hints_untrusted`: a rule asks for annotations of a gateway without `trustHints`; `tags_unsealed`: the tags of a ' +
      'gateway do not count before they are set again; `tools_over_limit`: the tools are long for a model',
  })
  code!: CurationWarning['code'];
  @ApiPropertyOptional({ description: 'Slug of the gateway that rules do not include as one would expect' })
  gateway?: string;
  @ApiPropertyOptional({ type: 'integer', description: 'Of all tools, as a model gets them' }) estimatedTokens?: number;
  @ApiPropertyOptional({ type: 'integer' }) limitTokens?: number;
}

class ItemPickView implements ItemPick {
  @ApiProperty({ description: 'Slug; also of a deleted gateway, which `leftOut` then names' }) gateway!: string;
  @ApiProperty({ enum: ITEM_KINDS }) kind!: ItemKind;
  @ApiProperty() name!: string;
  @ApiPropertyOptional() as?: string;
  @ApiPropertyOptional() description?: string;
  @ApiPropertyOptional() enabled?: boolean;
  @ApiPropertyOptional() readOnly?: boolean;
  @ApiPropertyOptional({ type: [String] }) tags?: string[];
}

class IncludeRuleView implements IncludeRule {
  @ApiPropertyOptional({ description: 'Slug; also of a deleted gateway, which `leftOut` then names' }) gateway?: string;
  @ApiPropertyOptional({ type: [String] }) gatewayTags?: string[];
  @ApiPropertyOptional({ enum: ITEM_KINDS, isArray: true }) kinds?: ItemKind[];
  @ApiPropertyOptional({ type: [String] }) names?: string[];
  @ApiPropertyOptional({ type: [String] }) tags?: string[];
  @ApiPropertyOptional({ type: ToolHintsDto }) annotations?: ToolHints;
}

/** A virtual server as the admin API shows it, with the slugs of its gateways. */
export class ServerView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty() slug!: string;
  @ApiProperty({ nullable: true, type: String }) description!: string | null;
  @ApiProperty({ nullable: true, type: String }) instructions!: string | null;
  @ApiProperty({ type: [String] }) tags!: string[];
  @ApiProperty({ type: [ItemPickView] }) items!: ItemPick[];
  @ApiProperty({ type: [IncludeRuleView] }) include!: IncludeRule[];
  @ApiProperty(ACCESS_SCHEMA) access!: ServerAccess;
  @ApiProperty() enabled!: boolean;
  @ApiProperty({ enum: ['error', 'result'] }) missingCredential!: MissingCredential;
  @ApiProperty({ enum: REJECTED_CREDENTIAL }) rejectedCredential!: RejectedCredential;
  @ApiProperty({ enum: SERVER_ERAS }) eras!: ServerEras;
  @ApiProperty({ type: 'integer' }) maxNameLength!: number;
  @ApiProperty({ type: [GrantDto], nullable: true }) grants!: Grant[] | null;
  @ApiProperty({ type: ServerLimitsDto, nullable: true }) limits!: ServerLimits | null;
  @ApiProperty({ type: [CredentialUseDto], nullable: true }) credentials!: GatewayCredentialUse[] | null;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } }) shortForm!: Record<string, string>;
  @ApiProperty({ description: 'Path of its endpoint on every proxy' }) path!: string;
  @ApiProperty({ type: [String], description: 'Slugs of the gateways that it has now, by name or by a tag' })
  gateways!: string[];
  @ApiProperty({ type: [ExposedView] }) exposed!: ExposedView[];
  @ApiProperty({ type: [LeftOutView] }) leftOut!: LeftOutView[];
  @ApiProperty({ type: [LostView], description: 'Items that it would serve, but that their upstreams no longer list' })
  lost!: LostView[];
  @ApiProperty({ type: [WarningView] }) warnings!: HeaderWarning[];
  @ApiProperty({ type: [CurationWarningView] }) curationWarnings!: CurationWarning[];
  @ApiProperty({ type: 'integer', description: 'Of the manifest that proxies serve' }) revision!: number;
  @ApiProperty({ format: 'date-time' }) createdAt!: string;
  @ApiProperty({ format: 'date-time' }) updatedAt!: string;
}

/** Converts a server to its form in the admin API. */
export function toServerView({ server, names, members, slugs, tagsOf, ...details }: ServerDetails): ServerView {
  const slugOf = (id: string) => slugs.get(id) ?? id;
  const exposed = names.filter(({ current }) => current);
  const { id, name, slug, access, enabled, missingCredential, eras, maxNameLength, tags, revision } = server;
  return {
    id,
    name,
    slug,
    description: server.description ?? null,
    instructions: server.instructions ?? null,
    tags,
    items: server.items.map((item) => ({ ...item, gateway: slugOf(item.gateway) })),
    include: server.include.map(({ gateway, ...rule }) => ({ ...(gateway && { gateway: slugOf(gateway) }), ...rule })),
    access,
    enabled,
    missingCredential,
    rejectedCredential: server.rejectedCredential,
    eras,
    maxNameLength,
    grants: server.grants ? withSlugs(server.grants, slugOf) : null,
    limits: server.limits ?? null,
    credentials: server.credentials?.map(({ gateway, use }) => ({ gateway: slugOf(gateway), use })) ?? null,
    shortForm: Object.fromEntries(Object.entries(server.shortForm).map(([header, owner]) => [header, slugOf(owner)])),
    path: `/servers/${slug}/mcp`,
    gateways: members.map(slugOf),
    exposed: exposed.map((each) => toExposed(each, slugOf(each.gatewayId), tagsOf(each))),
    leftOut: server.leftOut.map((left: LeftOut) => ({ ...left, gateway: slugOf(left.gateway) })),
    lost: lostOf(names, slugOf),
    warnings: details.warnings,
    curationWarnings: details.curationWarnings,
    revision,
    createdAt: server.createdAt.toISOString(),
    updatedAt: server.updatedAt.toISOString(),
  };
}

function toExposed({ kind, exposed, own }: AssignedName, gateway: string, tags: string[]): ExposedView {
  return { kind, exposed, gateway, own, tags };
}

/** Each item once, by the name that it had last. */
function lostOf(names: AssignedName[], slugOf: (id: string) => string): LostView[] {
  const lost = new Map<string, LostView>();
  for (const { kind, exposed, gatewayId, own, lostAt } of names) {
    if (!lostAt) continue;
    const view = { gateway: slugOf(gatewayId), kind, name: exposed, own, since: lostAt.toISOString() };
    const key = `${gatewayId} ${kind} ${own}`;
    const known = lost.get(key);
    if (known === undefined || known.since < view.since) lost.set(key, view);
  }
  return [...lost.values()];
}
