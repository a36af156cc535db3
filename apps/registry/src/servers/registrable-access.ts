import type { ServerAccess } from '@lethe/contracts';
import { registrableUrl } from '../gateways/gateway-rules.js';

/**
 * The stored form of an access rule. Proxies fetch the issuer's keys, so `jwksUri` must obey the rules for upstream
 * URLs.
 * @throws LetheError `url_forbidden`
 */
export function registrableAccess(access: ServerAccess, allowed: readonly string[]): ServerAccess {
  if (typeof access === 'string') return access;
  const { kind, issuer, audience, jwksUri, algorithms, roles } = access;
  const { claim, map } = roles ?? {};
  return {
    ...{ kind, issuer, audience, jwksUri: registrableUrl(jwksUri, allowed), algorithms },
    ...(claim !== undefined && { roles: { claim, ...(map !== undefined && { map }) } }),
  };
}
