import { EVERYONE, type Grant, type Rate, type ServerLimits } from '@lethe/contracts';
import { type GrantedItem, GrantRule } from './grant-rules.js';
import { ratedTools } from './rated-tools.js';

/** A limit that counts the calls of a caller: that for all tools, or one entry of `limits.tools`. */
export interface AppliedLimit {
  readonly limit: 'caller' | 'tools';
  /** Position in `limits.tools`. */
  readonly at?: number;
  readonly rate: Rate;
}

/** Whether a caller may use an item, what decides it, and what limits it. */
export interface AccessExplanation {
  readonly isAllowed: boolean;
  /**
   * `no_grants`: the virtual server has none, so every caller may use everything; `granted`, by the grant at `grant`;
   * `granted_by_template`: a template that matches the URI is; `not_granted`: nothing allows it to any role of the caller.
   */
  readonly why: 'no_grants' | 'granted' | 'granted_by_template' | 'not_granted';
  /** Position of the first grant that allows it. */
  readonly grant?: number;
  readonly limits: readonly AppliedLimit[];
}

/**
 * Explains what proxies do with calls of one item.
 * @param templates for a resource: the templates of its gateway that match its URI
 */
export function explainAccess(
  { grants, limits }: { readonly grants?: readonly Grant[] | undefined; readonly limits?: ServerLimits | undefined },
  roles: readonly string[],
  item: GrantedItem,
  templates: readonly GrantedItem[] = [],
): AccessExplanation {
  const applied = item.kind === 'tool' ? appliedLimits(limits, item.exposed) : [];
  if (!grants) return { isAllowed: true, why: 'no_grants', limits: applied };
  const held = new Set([EVERYONE, ...roles]);
  const allowing = (one: GrantedItem): number =>
    grants.findIndex((grant) => held.has(grant.role) && new GrantRule(grant).allows(one));
  const grant = allowing(item);
  if (grant >= 0) return { isAllowed: true, why: 'granted', grant, limits: applied };
  const byTemplate = templates.map(allowing).find((at) => at >= 0);
  if (byTemplate !== undefined) {
    return { isAllowed: true, why: 'granted_by_template', grant: byTemplate, limits: applied };
  }
  return { isAllowed: false, why: 'not_granted', limits: [] };
}

/**
 * Position of the first grant that lets a caller use the credential that is kept for the item's gateway; undefined if none does.
 * Proxies decide by the same rule.
 * @param templates for a resource: the templates of its gateway that match its URI
 */
export function keptGrant(
  grants: readonly Grant[] | null | undefined,
  roles: readonly string[],
  item: GrantedItem,
  templates: readonly GrantedItem[] = [],
): number | undefined {
  const held = new Set(roles);
  const allows = (grant: Grant): boolean => {
    const rule = new GrantRule(grant);
    return rule.allowsKept(item) || templates.some((template) => rule.allowsKept(template));
  };
  const at = (grants ?? []).findIndex((grant) => held.has(grant.role) && allows(grant));
  return at < 0 ? undefined : at;
}

function appliedLimits(limits: ServerLimits | undefined, tool: string): AppliedLimit[] {
  const caller = limits?.caller;
  const tools = ratedTools(limits)
    .filter(({ matches }) => matches(tool))
    .map(({ at, rate }): AppliedLimit => ({ limit: 'tools', at, rate }));
  return [...(caller ? [{ limit: 'caller', rate: caller } as const] : []), ...tools];
}
