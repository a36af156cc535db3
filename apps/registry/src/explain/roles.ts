import { EVERYONE, type Grant, type JsonObject } from '@lethe/contracts';
import { explainAccess, type GrantedItem, GrantRule, isObject, UriTemplate } from '@lethe/mcp';
import type { AssignedName } from '../servers/name-items.js';
import type { ServerDetails } from '../servers/server.view.js';
import type { FoundItem } from './find-item.js';
import type { ExplainReason } from './reasons.js';

type NamedItem = Pick<AssignedName, 'kind' | 'own' | 'exposed' | 'gatewayId'>;

/**
 * Why a caller with these roles may not use an item, decided as proxies do. Beside `explainKept`, the only place where explanations look at roles.
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
  const templates = item.kind === 'resource' ? templatesOf(names, item).map(granted) : [];
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
  const held = new Set([EVERYONE, ...roles]);
  const rules = grants.filter(({ role }) => held.has(role)).map((grant) => new GrantRule(grant));
  if (templates.some((template) => rules.some((rule) => rule.allows(template)))) return true;
  return by === 'only_gateway' && rules.some((rule) => rule.allowsAllResources(gatewayId));
}

function templatesOf(names: readonly AssignedName[], { gatewayId, exposed }: FoundItem): AssignedName[] {
  return names.filter(
    (each) =>
      each.current &&
      each.kind === 'resourceTemplate' &&
      each.gatewayId === gatewayId &&
      new UriTemplate(each.own).matches(exposed),
  );
}

/** Whether a tool's definition says that it only reads. */
export function saysReadOnly(definition: JsonObject): boolean {
  const { annotations } = definition;
  return isObject(annotations) && annotations['readOnlyHint'] === true;
}
