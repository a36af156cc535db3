import { type SessionShare, TOOL_HINTS } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { StoredItem } from '../catalogue/catalogue-item.entity.js';
import { GatewayConfig } from '../gateways/gateway-config.entity.js';
import { configOf, wantedRevision } from '../gateways/gateway-rows.js';
import { Gateway } from '../gateways/gateway.entity.js';
import { isId } from '../rows/reference.js';
import { Verification } from '../verifications/verification.entity.js';
import { type Composition, MAX_MEMBERS, membersOf } from './composition.js';
import type { IncludeRule, ItemPick, VirtualServer } from './server.entity.js';
import type { IncludeRuleDto, ItemPickDto, ToolHintsDto } from './items.dto.js';
import { sessionShareOf } from './session-shares.js';
import { type MemberHeaders, shortFormProblem } from './short-form.js';
import type { ToolHints } from './tool-hints.js';

/**
 * Resolves references (id or slug) of gateways to ids.
 * @throws LetheError `invalid_request` for a gateway that does not exist
 */
export class GatewayRefs {
  private constructor(private readonly known: Map<string, string>) {}

  /** @param before gateways that the server has: of these, deleted ones are known too, so that what was read can be sent back */
  static async load(em: EntityManager, refs: string[], before: string[]): Promise<GatewayRefs> {
    const wanted = [...new Set(refs)];
    const ids = wanted.filter(isId).map((id) => id.toLowerCase());
    const by = { $or: [{ id: { $in: ids } }, { slug: { $in: wanted.filter((ref) => !isId(ref)) } }] };
    const rows = await em.find(Gateway, { ...by, $and: [{ $or: [{ deletedAt: null }, { id: { $in: before } }] }] });
    return new GatewayRefs(new Map(rows.flatMap(({ id, slug }) => [[id, id] as const, [slug, id] as const])));
  }

  idOf(ref: string, field: string): string {
    const id = this.known.get(isId(ref) ? ref.toLowerCase() : ref);
    if (id === undefined) throw new LetheError('invalid_request', { errors: [{ field, rule: 'gateway_unknown' }] });
    return id;
  }
}

/** The stored form of the requested items: gateways by id, and no undefined members. */
export function toPicks(items: ItemPickDto[], refs: GatewayRefs): ItemPick[] {
  return items.map(({ gateway, kind, name, as, description, enabled, readOnly, tags }) => ({
    gateway: refs.idOf(gateway, 'items'),
    kind,
    name,
    ...(as !== undefined && { as }),
    ...(description !== undefined && { description }),
    ...(enabled !== undefined && { enabled }),
    ...(readOnly !== undefined && { readOnly }),
    ...(tags !== undefined && { tags }),
  }));
}

/**
 * The stored form of the requested rules, like `toPicks`.
 * @throws LetheError `invalid_request` for a rule that names neither a gateway nor tags of gateways
 */
export function toRules(include: IncludeRuleDto[], refs: GatewayRefs): IncludeRule[] {
  return include.map(({ gateway, gatewayTags, kinds, names, tags, annotations }) => {
    if (gateway === undefined && gatewayTags === undefined) {
      throw new LetheError('invalid_request', { errors: [{ field: 'include', rule: 'gateway_or_tags' }] });
    }
    return {
      ...(gateway !== undefined && { gateway: refs.idOf(gateway, 'include') }),
      ...(gatewayTags !== undefined && { gatewayTags }),
      ...(kinds !== undefined && { kinds }),
      ...(names !== undefined && { names }),
      ...(tags !== undefined && { tags }),
      ...(annotations !== undefined && { annotations: toHints(annotations) }),
    };
  });
}

function toHints(wanted: ToolHintsDto): ToolHints {
  return Object.fromEntries(
    TOOL_HINTS.flatMap((hint) => (wanted[hint] === undefined ? [] : [[hint, wanted[hint]] as const])),
  );
}

/**
 * The headers that a server's gateways map, by the configuration that will serve next.
 * @throws LetheError `invalid_request` for too many gateways
 */
export async function headerSources(em: EntityManager, composition: Composition): Promise<MemberHeaders[]> {
  const members = membersOf(composition);
  if (members.length > MAX_MEMBERS) {
    throw new LetheError('invalid_request', { errors: [{ field: 'include', rule: 'too_many_gateways' }] });
  }
  const sources: MemberHeaders[] = [];
  for (const id of members) {
    const gateway = await em.findOne(Gateway, { id, deletedAt: null });
    if (gateway === null) continue;
    const { mappings } = await configOf(em, gateway, wantedRevision(gateway));
    sources.push({ gatewayId: id, slug: gateway.slug, mappings });
  }
  return sources;
}

/** How many headers callers may send for these gateways, by the configuration that will serve next. */
export async function passthroughHeaders(em: EntityManager, gateways: Gateway[]): Promise<number> {
  const serving = gateways.flatMap(({ id, deletedAt, pendingRevision, currentRevision }) => {
    const revision = pendingRevision ?? currentRevision;
    return typeof revision === 'number' && !deletedAt ? [{ gatewayId: id, revision }] : [];
  });
  if (serving.length === 0) return 0;
  const configs = await em.find(GatewayConfig, { $or: serving });
  return configs.reduce((sum, { mappings }) => sum + mappings.length, 0);
}

/**
 * The short form that a request asks for. An entry that is there may stay, also if its gateway was deleted or maps the header no more.
 * @throws LetheError `invalid_request`
 */
export function chosenShortForm(
  wanted: Record<string, string>,
  refs: GatewayRefs,
  { shortForm: before }: Pick<VirtualServer, 'shortForm'>,
  sources: MemberHeaders[],
): Record<string, string> {
  const chosen = Object.entries(wanted).map(([header, ref]) => [header, refs.idOf(ref, 'shortForm')] as const);
  const checked = chosen.filter(([header, owner]) => before[header] !== owner);
  const isTwice = new Set(chosen.map(([header]) => header.toLowerCase())).size < chosen.length;
  if (isTwice || shortFormProblem(Object.fromEntries(checked), sources) !== undefined) {
    throw new LetheError('invalid_request', { errors: [{ field: 'shortForm', rule: 'owner_does_not_map_header' }] });
  }
  return Object.fromEntries(chosen);
}

/**
 * Without verified gateways of which the server lists only items that they do not have: a misspelt name takes no short form
 * away from another gateway.
 */
export async function withoutUnused(
  em: EntityManager,
  { items, include }: Composition,
  sources: MemberHeaders[],
): Promise<MemberHeaders[]> {
  const included = new Set(include.map(({ gateway }) => gateway));
  const used: MemberHeaders[] = [];
  for (const source of sources) {
    const { gatewayId } = source;
    const picks = items.flatMap(({ gateway, kind, name }) => (gateway === gatewayId ? [{ kind, own: name }] : []));
    const isUnverified = (await em.count(Gateway, { id: gatewayId, servingVid: null })) > 0;
    const isUsed =
      isUnverified || included.has(gatewayId) || (await em.count(StoredItem, { gatewayId, $or: picks })) > 0;
    if (isUsed) used.push(source);
  }
  return used;
}

/** What the gateways whose upstreams keep sessions add to a session token. */
export async function sessionShares(em: EntityManager, members: string[]): Promise<SessionShare[]> {
  const gateways = await em.find(Gateway, { id: { $in: members }, deletedAt: null });
  const vids = gateways.flatMap(({ servingVid }) => servingVid ?? []);
  const serving = await em.find(Verification, { id: { $in: vids } });
  const factsOf = new Map(serving.map(({ id, facts }) => [id, facts]));
  return gateways.flatMap(({ slug, servingVid }) => sessionShareOf(slug, factsOf.get(servingVid ?? '')) ?? []);
}
