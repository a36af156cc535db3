import { type Grant, MAX_GRANT_ROLES, type Rate, type ServerLimits } from '@lethe/contracts';
import { namedRoles } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { GrantDto, RateDto, ServerLimitsDto } from './grant.dto.js';
import type { GatewayRefs } from './server-members.js';

/**
 * The stored form of grants: gateways by id, and no undefined members.
 * @throws LetheError `too_many_roles`; `invalid_request` for a gateway that does not exist
 */
export function toGrants(grants: GrantDto[], refs: GatewayRefs): Grant[] {
  const roles = namedRoles(grants).length;
  if (roles > MAX_GRANT_ROLES) throw new LetheError('too_many_roles', { roles, max: MAX_GRANT_ROLES });
  return grants.map(({ role, kinds, gateways, names, readOnly }) => ({
    role,
    ...(kinds !== undefined && { kinds }),
    ...(gateways !== undefined && { gateways: gateways.map((ref) => refs.idOf(ref, 'grants')) }),
    ...(names !== undefined && { names }),
    ...(readOnly !== undefined && { readOnly }),
  }));
}

/** The gateways that grants name. */
export function gatewaysIn(grants: readonly { gateways?: string[] }[] | null | undefined): string[] {
  return (grants ?? []).flatMap(({ gateways = [] }) => gateways);
}

/**
 * Grants with slugs in the place of ids. A gateway that has none here is left out: a grant for it alone allows nothing.
 * @param slugOf undefined for a gateway that is not served
 */
export function withSlugs(grants: readonly Grant[], slugOf: (id: string) => string | undefined): Grant[] {
  return grants.map(({ gateways, ...grant }) => ({
    ...grant,
    ...(gateways && { gateways: gateways.flatMap((id) => slugOf(id) ?? []) }),
  }));
}

/** The stored form of limits. */
export function toLimits({ caller, tools }: ServerLimitsDto): ServerLimits {
  return {
    ...(caller !== undefined && { caller: toRate(caller) }),
    ...(tools !== undefined && { tools: tools.map((each) => ({ names: each.names, caller: toRate(each.caller) })) }),
  };
}

function toRate({ calls, seconds, burst, concurrent }: RateDto): Rate {
  return { calls, seconds, ...(burst !== undefined && { burst }), ...(concurrent !== undefined && { concurrent }) };
}
