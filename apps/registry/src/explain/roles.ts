import { type CatalogueItem, EVERYONE, type Grant, itemKey, type JsonObject } from '@lethe/contracts';
import { explainAccess, type GrantedItem, GrantRule, isObject, UriTemplate } from '@lethe/mcp';
import type { AssignedName } from '../servers/name-items.js';
import type { ServerDetails } from '../servers/server.view.js';
import type { FoundItem } from './find-item.js';
import type { ExplainReason } from './reasons.js';

type NamedItem = Pick<AssignedName, 'kind' | 'own' | 'exposed' | 'gatewayId'>;

/**
 * Why a caller with these roles may not use an item, decided as proxies do.
 * @param hintsReadOnly whether a trusted hint says that the tool only reads
 */
export function refusalByRoles(
  { server, names }: ServerDetails,
  item: FoundItem,
  roles: readonly string[],
  hintsReadOnly: boolean,
): ExplainReason | undefined {
  const { grants } = server;
  if (!grants) return undefined;
  const granted = (one: NamedItem): GrantedItem => grantedItem(server, one, hintsReadOnly);
  const templates = templatesFor(names, item).map(granted);
  const isAllowed =
    item.by === 'name'
      ? explainAccess({ grants }, roles, granted(item), templates).isAllowed
      : isUnlistedAllowed(grants, roles, item, templates);
  return isAllowed ? undefined : 'not_granted';
}

/** An item as grants see it. */
export function grantedItem(
  { items }: ServerDetails['server'],
  { kind, own, exposed, gatewayId }: NamedItem,
  hintsReadOnly: boolean,
): GrantedItem {
  const pick = items.find((each) => each.gateway === gatewayId && each.kind === kind && each.name === own);
  return { kind, exposed, gateway: gatewayId, isReadOnly: pick?.readOnly ?? (kind === 'tool' ? hintsReadOnly : true) };
}

/** A resource that is in no list is allowed by a template, or with all resources of the only gateway that has some. */
function isUnlistedAllowed(
  grants: readonly Grant[],
  roles: readonly string[],
  { by, gatewayId }: FoundItem,
  templates: readonly GrantedItem[],
): boolean {
  const rules = heldRules(grants, roles);
  if (templates.some((template) => rules.some((rule) => rule.allows(template)))) return true;
  return by === 'only_gateway' && rules.some((rule) => rule.allowsAllResources(gatewayId));
}

/** For a resource: the templates of its gateway that match it. */
export function templatesFor(
  names: readonly AssignedName[],
  { kind, gatewayId, exposed }: Pick<FoundItem, 'kind' | 'gatewayId' | 'exposed'>,
): AssignedName[] {
  if (kind !== 'resource') return [];
  return names.filter(
    (each) =>
      each.current &&
      each.kind === 'resourceTemplate' &&
      each.gatewayId === gatewayId &&
      new UriTemplate(each.own).matches(exposed),
  );
}

/**
 * Tells for many items whether a caller with these roles sees them in lists, decided as proxies do.
 * @param roles undefined: whoever sees everything
 */
export function visibleTo(
  { server, names }: ServerDetails,
  roles: readonly string[] | undefined,
): (item: NamedItem, hintsReadOnly: boolean) => boolean {
  const { grants } = server;
  if (!grants || roles === undefined) return () => true;
  const rules = heldRules(grants, roles);
  const chosen = new Map(server.items.map((pick) => [`${pick.gateway} ${itemKey({ ...pick, own: pick.name })}`, pick]));
  const isAllowed = (one: NamedItem, hinted: boolean): boolean => {
    const pick = chosen.get(`${one.gatewayId} ${itemKey(one)}`);
    const isReadOnly = pick?.readOnly ?? (one.kind === 'tool' ? hinted : true);
    return rules.some((rule) => rule.allows({ ...one, gateway: one.gatewayId, isReadOnly }));
  };
  const templates = names
    .filter((name) => name.current && name.kind === 'resourceTemplate' && isAllowed(name, true))
    .map(({ gatewayId, own }) => ({ gatewayId, template: new UriTemplate(own) }));
  return (item, hinted) =>
    isAllowed(item, hinted) ||
    (item.kind === 'resource' &&
      templates.some(({ gatewayId, template }) => gatewayId === item.gatewayId && template.matches(item.exposed)));
}

/** Whether a tool's definitions say that it only reads, and its gateway is believed. */
export function hintsReadOnly(
  { kind, definition, legacyDefinition }: CatalogueItem,
  { trustHints }: { trustHints: boolean },
): boolean {
  return kind === 'tool' && trustHints && [definition, legacyDefinition ?? definition].every(saysReadOnly);
}

function heldRules(grants: readonly Grant[], roles: readonly string[]): GrantRule[] {
  const held = new Set([EVERYONE, ...roles]);
  return grants.filter(({ role }) => held.has(role)).map((grant) => new GrantRule(grant));
}

/** Whether a tool's definition says that it only reads. */
function saysReadOnly(definition: JsonObject): boolean {
  const { annotations } = definition;
  return isObject(annotations) && annotations['readOnlyHint'] === true;
}
