import type { CredentialUse } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import { namedGateways } from './composition.js';
import type { CredentialUseDto } from './grant.dto.js';
import type { GatewayRefs } from './server-members.js';
import type { GatewayCredentialUse, VirtualServer } from './server.entity.js';
import { gatewaysIn } from './stored-grants.js';

/**
 * The stored form: gateways by id, each once (its last use counts), without those that are `callers`; null for none.
 * @throws LetheError `invalid_request` for a gateway that does not exist; `keeping_off`
 */
export function toUses(
  wanted: CredentialUseDto[],
  refs: GatewayRefs,
  isAllowed: boolean,
): GatewayCredentialUse[] | null {
  const named = new Map(wanted.map(({ gateway, use }) => [refs.idOf(gateway, 'credentials'), use]));
  const uses = [...named].map(([gateway, use]) => ({ gateway, use })).filter(({ use }) => use !== 'callers');
  if (uses.length > 0 && !isAllowed) throw new LetheError('keeping_off');
  return uses.length === 0 ? null : uses;
}

/** The gateways that a server names, whatever for. */
export function gatewaysOf(server: VirtualServer): string[] {
  const used = (server.credentials ?? []).map(({ gateway }) => gateway);
  return [...namedGateways(server), ...gatewaysIn(server.grants), ...used];
}

/**
 * Anybody may call an open server, so none of it has a kept credential.
 * @throws LetheError `invalid_request`
 */
export function requireIdentified({ access, credentials }: VirtualServer): void {
  if (access !== 'open' || !credentials) return;
  throw new LetheError('invalid_request', { errors: [{ field: 'credentials', rule: 'not_of_an_open_server' }] });
}

/** As manifests have it: by the slugs of the gateways that are served. */
export function usesBySlug(
  uses: readonly GatewayCredentialUse[],
  slugs: ReadonlyMap<string, string>,
): Record<string, CredentialUse> {
  const served = uses.flatMap(({ gateway, use }) => {
    const slug = slugs.get(gateway);
    return slug === undefined ? [] : [[slug, use] as const];
  });
  return Object.fromEntries(served);
}
