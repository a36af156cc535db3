import {
  type ItemKind,
  type MissingCredential,
  SERVER_ERAS,
  type ServerAccess,
  type ServerEras,
} from '@lethe/contracts';
import { ApiProperty } from '@nestjs/swagger';
import type { ServerWarning } from './header-budget.js';
import type { AssignedName } from './name-items.js';
import type { IncludeRule, ItemPick, LeftOut, LeftOutReason, VirtualServer } from './server.entity.js';

/** A server with its exposed names. */
export interface ServerDetails {
  server: VirtualServer;
  names: AssignedName[];
  /** Slugs of gateways by id, deleted gateways included. */
  slugs: Map<string, string>;
  warnings: ServerWarning[];
}

class ExposedView {
  @ApiProperty() kind!: ItemKind;
  @ApiProperty() exposed!: string;
  /** Slug. */
  @ApiProperty() gateway!: string;
  @ApiProperty() own!: string;
}

class LeftOutView {
  /** Absent when the whole gateway was left out. */
  @ApiProperty() kind?: ItemKind;
  @ApiProperty() gateway!: string;
  @ApiProperty() own?: string;
  @ApiProperty() reason!: LeftOutReason;
}

class LostView {
  /** Slug. */
  @ApiProperty() gateway!: string;
  @ApiProperty() kind!: ItemKind;
  @ApiProperty({ description: 'Its exposed name, which stays its own: it has it again when it returns' }) name!: string;
  @ApiProperty({ description: "The upstream's own name of it" }) own!: string;
  @ApiProperty({ format: 'date-time' }) since!: string;
}

class WarningView implements ServerWarning {
  @ApiProperty({ enum: ['headers_over_limit'] }) code!: ServerWarning['code'];
  @ApiProperty({ description: 'Passthrough headers of all gateways' }) headers!: number;
  @ApiProperty({ description: 'All headers of a request together, with 4 KiB for each credential' }) needsKib!: number;
  @ApiProperty() limitKib!: number;
  @ApiProperty({ enum: ['LETHE_MAX_HEADER_KIB', 'LETHE_FRONT_HEADER_KIB'] }) setting!: ServerWarning['setting'];
}

/** A virtual server as the admin API shows it, with the slugs of its gateways. */
export class ServerView {
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
  @ApiProperty() slug!: string;
  @ApiProperty({ nullable: true, type: String }) description!: string | null;
  @ApiProperty({ nullable: true, type: String }) instructions!: string | null;
  @ApiProperty({ type: [Object] }) items!: ItemPick[];
  @ApiProperty({ type: [Object] }) include!: IncludeRule[];
  @ApiProperty({ type: Object }) access!: ServerAccess;
  @ApiProperty() enabled!: boolean;
  @ApiProperty({ enum: ['error', 'result'] }) missingCredential!: MissingCredential;
  @ApiProperty({ enum: SERVER_ERAS }) eras!: ServerEras;
  @ApiProperty() maxNameLength!: number;
  @ApiProperty({ type: Object }) shortForm!: Record<string, string>;
  /** Path of its endpoint on every proxy. */
  @ApiProperty() path!: string;
  @ApiProperty({ type: [ExposedView] }) exposed!: ExposedView[];
  @ApiProperty({ type: [LeftOutView] }) leftOut!: LeftOutView[];
  @ApiProperty({ type: [LostView], description: 'Items that it would serve, but that their upstreams no longer list' })
  lost!: LostView[];
  @ApiProperty({ type: [WarningView] }) warnings!: ServerWarning[];
  @ApiProperty() revision!: number;
  @ApiProperty() createdAt!: string;
  @ApiProperty() updatedAt!: string;
}

/** Converts a server to its form in the admin API. */
export function toServerView({ server, names, slugs, warnings }: ServerDetails): ServerView {
  const slugOf = (id: string) => slugs.get(id) ?? id;
  const exposed = names.filter(({ current }) => current);
  const { id, name, slug, access, enabled, missingCredential, eras, maxNameLength, revision } = server;
  return {
    id,
    name,
    slug,
    description: server.description ?? null,
    instructions: server.instructions ?? null,
    items: server.items.map((item) => ({ ...item, gateway: slugOf(item.gateway) })),
    include: server.include.map((rule) => ({ ...rule, gateway: slugOf(rule.gateway) })),
    access,
    enabled,
    missingCredential,
    eras,
    maxNameLength,
    shortForm: Object.fromEntries(Object.entries(server.shortForm).map(([header, owner]) => [header, slugOf(owner)])),
    path: `/servers/${slug}/mcp`,
    exposed: exposed.map(({ kind, exposed: shown, gatewayId, own }) => ({
      kind,
      exposed: shown,
      gateway: slugOf(gatewayId),
      own,
    })),
    leftOut: server.leftOut.map((left: LeftOut) => ({ ...left, gateway: slugOf(left.gateway) })),
    lost: lostOf(names, slugOf),
    warnings,
    revision,
    createdAt: server.createdAt.toISOString(),
    updatedAt: server.updatedAt.toISOString(),
  };
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
